import { join } from "node:path";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import { isAlive, type ProcessIdentity } from "../../lib/process-identity.ts";
import { readStatusFile } from "../../lib/status-file.ts";

/** Which process keeps the namespace of a project, if one does. */
export function livingKeeper(roots: Roots, name: string): ProcessIdentity | undefined {
  const status = readStatusFile(join(projectRunDirectory(roots, name), "keeper"));
  if (!status) return undefined;
  const identity = { pid: status["pid"] ?? 0, startTime: status["start_time"] ?? 0 };
  return isAlive(identity) ? identity : undefined;
}
