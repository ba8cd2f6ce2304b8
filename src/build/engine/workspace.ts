import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { memoryDirectory } from "../../lib/memory-directory.ts";
import { isAbandoned, ownedName } from "../../lib/owned-name.ts";
import type { Roots } from "../../lib/paths.ts";
import { ContainerCgroup } from "../../runtime/index.ts";
import { removeTree } from "./remove-tree.ts";

/** Cgroups of builds lie in a project of their own, whose name no project can have. */
const PROJECT = ".build";
const buildsDirectory = (roots: Roots) => join(roots.data, "builds");

/**
 * The directory one command's builds work in. Its name says whose it is, so that what a killed command has left, cgroups
 * included, is recognised and swept.
 */
export class Workspace {
  readonly path: string;
  readonly #helper: string;
  #count = 0;

  constructor(roots: Roots, helper: string) {
    this.path = join(buildsDirectory(roots), ownedName("incoming"));
    this.#helper = helper;
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  /** A fresh directory for one step, and the id its cgroup and files go by. */
  room(...directories: string[]): { readonly path: string; readonly id: string } {
    const name = String(++this.#count);
    const path = join(this.path, name);
    mkdirSync(path);
    for (const directory of directories) mkdirSync(join(path, directory), { mode: 0o755 });
    return { path, id: `${basename(this.path).slice(1)}-${name}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeTree(this.#helper, this.path);
  }
}

/** The project part of a step's cgroup. */
export const BUILD_PROJECT = PROJECT;

/** Removes what killed builds have left. */
export async function sweepBuilds(roots: Roots, helper: string): Promise<void> {
  const directory = buildsDirectory(roots);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(directory).filter(isAbandoned)) {
    const path = join(directory, name);
    for (const room of readdirSync(path)) {
      await new ContainerCgroup(`/gantry/${PROJECT}/${name.slice(1)}-${room}`).remove();
    }
    await removeTree(helper, path);
    rmSync(path, { recursive: true, force: true });
  }
  sweepMemory(roots);
}

/** Secrets of killed builds. Where there is no memory to keep them in, there are none. */
function sweepMemory(roots: Roots): void {
  try {
    const directory = memoryDirectory(roots);
    for (const name of readdirSync(directory).filter(isAbandoned)) {
      rmSync(join(directory, name), { recursive: true, force: true });
    }
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
  }
}
