import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { userNamespace } from "../../lib/user-namespace.ts";
import { tryRead, tryWrite } from "./control-file.ts";
import { type Hierarchy, OWN_LEAF } from "./hierarchies.ts";

/** Another process that removes the last group of a project may take the parents away: so often we try again. */
const ATTEMPTS = 10;

/** Makes the group at `path` beneath a hierarchy's base, with what lies between. */
export function makeGroup(hierarchy: Hierarchy, path: string): string {
  const directory = join(hierarchy.base, path);
  makeDirectories(directory, ATTEMPTS);
  if (hierarchy.version === 2) enableControllers(hierarchy, path);
  else if (hierarchy.controllers.includes("cpuset")) inheritCpuset(hierarchy.base, path);
  return directory;
}

function makeDirectories(directory: string, attempts: number): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempts <= 1) throw error;
    makeDirectories(directory, attempts - 1);
  }
}

/** A group of version 2 has the controllers that its parent passes on, and so on up to the base. */
function enableControllers({ base, controllers }: Hierarchy, path: string): void {
  const own = tryRead(join(base, path, "cgroup.controllers"))?.split(" ") ?? [];
  if (controllers.every((controller) => own.includes(controller))) return;
  emptyIntoLeaf(base);
  const parents = path.split("/").filter(Boolean).slice(0, -1);
  for (let depth = 0; depth <= parents.length; depth++) {
    const control = join(base, ...parents.slice(0, depth), "cgroup.subtree_control");
    // One by one: a controller that cannot be passed on must not keep the others back.
    for (const controller of controllers) tryWrite(control, `+${controller}`);
  }
}

/**
 * A group passes controllers on only while no process is in it itself (cgroups(7), "no internal processes"): what runs
 * in the one that was given to the user, gantry's own processes, moves into a leaf of it. Before anything is passed on:
 * some controllers can be, and nothing may be born beneath the group then. Root's groups hold what is others'.
 */
function emptyIntoLeaf(base: string): void {
  if (userNamespace().isInitial || !tryRead(join(base, "cgroup.procs"))) return;
  const leaf = join(base, OWN_LEAF);
  mkdirSync(leaf, { recursive: true });
  // Those that are born meanwhile are seen the next time.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pids = tryRead(join(base, "cgroup.procs"))?.split("\n").filter(Boolean) ?? [];
    if (pids.length === 0) return;
    for (const pid of pids) tryWrite(join(leaf, "cgroup.procs"), pid);
  }
}

/** A new cpuset of version 1 is empty, and no process may join it until it has processors and memory nodes. */
function inheritCpuset(base: string, path: string): void {
  const parts = path.split("/").filter(Boolean);
  for (let depth = 1; depth <= parts.length; depth++) {
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      const own = join(base, ...parts.slice(0, depth), file);
      if (readFileSync(own, "latin1").trim() !== "") continue;
      writeFileSync(own, readFileSync(join(base, ...parts.slice(0, depth - 1), file), "latin1"));
    }
  }
}
