import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { isAlive, type ProcessIdentity } from "../../lib/process-identity.ts";
import { readStatusFile } from "../../lib/status-file.ts";

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
    if (monitor && isAlive(monitor) && isOfProject(roots, id, project)) return monitor;
  }
  return undefined;
}

function isOfProject(roots: Roots, id: string, project: string): boolean {
  const path = join(containerDirectory(roots, id), "container.json");
  return existsSync(path) && JSON.parse(readFileSync(path, "utf8")).project === project;
}
