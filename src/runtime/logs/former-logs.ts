import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { containerDirectory, projectDirectory, type Roots } from "../../lib/paths.ts";
import type { ContainerRecord } from "../contract.ts";

/** A container that was replaced, as far as its log is still there. */
export type FormerContainer = Pick<ContainerRecord, "id" | "name" | "service" | "number" | "oneOff"> & {
  readonly version: 1;
  /** Unix milliseconds. */
  readonly created: number;
};

/** As many predecessors of a container keep their logs. */
const KEPT = 3;

const placeOf = (roots: Roots, project: string) => join(projectDirectory(roots, project), "former");

/** Where the log of a former container is, in files as it had them. */
export const formerDirectory = (roots: Roots, project: string, id: string): string =>
  join(placeOf(roots, project), id);

/**
 * Takes the log of a container that is about to be removed out of its directory, and lets go of the oldest it takes
 * the place of. Done again after a kill, it goes on where it was.
 */
export function keepLog(roots: Roots, record: ContainerRecord): void {
  const { id, name, service, number, oneOff, created, project } = record;
  const directory = formerDirectory(roots, project, id);
  const former: FormerContainer = { version: 1, id, name, service, number, oneOff, created };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, "container.json"), `${JSON.stringify(former)}\n`, { mode: 0o600 });
  const own = containerDirectory(roots, id);
  for (const file of readdirSync(own).filter((entry) => /^log(?:\.\d+)?$/.test(entry))) {
    renameSync(join(own, file), join(directory, file));
  }
  const others = formerContainers(roots, project).filter((one) => one.name === name);
  for (const oldest of others.slice(0, -KEPT)) {
    rmSync(formerDirectory(roots, project, oldest.id), { recursive: true, force: true });
  }
}

/** The former containers of a project whose logs are there, oldest first. */
export function formerContainers(roots: Roots, project: string): FormerContainer[] {
  return entries(placeOf(roots, project))
    .flatMap((id) => readFormer(join(formerDirectory(roots, project, id), "container.json")))
    .sort((one, other) => one.created - other.created);
}

/** Nothing of them stays when a project is taken down, whatever else does. */
export function forgetLogs(roots: Roots, project: string): void {
  rmSync(placeOf(roots, project), { recursive: true, force: true });
}

/** One that was cut short by a kill tells nothing. */
function readFormer(path: string): FormerContainer[] {
  try {
    return [JSON.parse(readFileSync(path, "utf8")) as FormerContainer];
  } catch {
    return [];
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
