import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { isAlive, type ProcessIdentity } from "../../lib/process-identity.ts";
import { readStatusFile } from "../../lib/status-file.ts";
import { readSpec } from "../../runtime/index.ts";

/**
 * The monitor of a container of the project that outlived its keeper. It is in the project namespace, so that a new
 * keeper can find its way back there.
 */
export function survivingMonitor(roots: Roots, project: string): ProcessIdentity | undefined {
  const directory = join(roots.run, "containers");
  for (const id of existsSync(directory) ? readdirSync(directory) : []) {
    const status = readStatusFile(join(containerRunDirectory(roots, id), "monitor"));
    const monitor = status && {
      pid: status["monitor_pid"] ?? 0,
      startTime: status["monitor_start_time"] ?? 0,
    };
    if (monitor && isAlive(monitor) && isInNamespaceOf(roots, id, project)) return monitor;
  }
  return undefined;
}

/** The monitor of a container on the host's or another container's network is there with it. */
function isInNamespaceOf(roots: Roots, id: string, project: string): boolean {
  const directory = containerDirectory(roots, id);
  if (!existsSync(join(directory, "container.json"))) return false;
  const { project: owner } = JSON.parse(readFileSync(join(directory, "container.json"), "utf8"));
  return (
    owner === project &&
    readSpec(roots, id).linux.namespaces.some(({ type, path }) => type === "network" && path === undefined)
  );
}
