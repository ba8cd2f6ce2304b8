import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import { isAlive, type ProcessIdentity } from "../../lib/process-identity.ts";

/** Which process keeps the namespace of a project, if one does. */
export function livingKeeper(roots: Roots, name: string): ProcessIdentity | undefined {
  const status = readStatusFile(join(projectRunDirectory(roots, name), "keeper"));
  if (!status) return undefined;
  const identity = { pid: status["pid"] ?? 0, startTime: status["start_time"] ?? 0 };
  return isAlive(identity) ? identity : undefined;
}

/** A status file: numbers by name (docs/launch-plan.md); undefined when there is none. */
export function readStatusFile(path: string): Record<string, number> | undefined {
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => line.split(" ", 2)).map(([key, value]) => [key, Number(value)]),
  );
}
