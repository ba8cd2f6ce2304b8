import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostHierarchies, readHierarchies } from "./hierarchies.ts";

/**
 * Has the next moves of processes between groups of version 1 go fast. The first move waits until every processor has
 * been through the scheduler (some 10 ms), those within the next 20 ms do not: so this process moves to where it is,
 * in the background, while there is other work to do. Version 2 needs none of that, since processes are born into
 * their group there.
 */
export function quickenJoining(): void {
  if (hostHierarchies().every(({ version }) => version === 2)) return;
  const own = readHierarchies().find(
    (hierarchy) => hierarchy.version === 1 && hierarchy.own !== undefined,
  )?.own;
  // Whoever may not do this waits a little longer.
  if (own !== undefined) writeFile(join(own, "cgroup.procs"), "0").catch(() => undefined);
}
