import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Network } from "../compose/index.ts";
import { atomicWrite } from "../lib/atomic-write.ts";
import { GantryError } from "../lib/diagnostic.ts";
import { projectDirectory, projectRunDirectory, type Roots } from "../lib/paths.ts";
import type { AllocatedNetwork } from "../net/index.ts";

/** projects/<name>/project.json: what a project owns, from before the first side effect until after the last. */
export type ProjectRecord = {
  readonly version: 1;
  readonly name: string;
  readonly workingDirectory: string;
  readonly configFiles: readonly string[];
  readonly networks: readonly OwnedNetwork[];
  /** Names of the named volumes it made. */
  readonly volumes: readonly string[];
};

/** A network with the definition it was made from, and its hash; `external`: it is only joined, and stays. */
export type OwnedNetwork = AllocatedNetwork & {
  readonly configHash: string;
  /** Absent when an earlier gantry made it. */
  readonly definition?: Network;
  readonly external?: boolean;
};

/** The record of a project, undefined when there is none. */
export function readProject(roots: Roots, name: string): ProjectRecord | undefined {
  const path = recordPath(roots, name);
  if (!existsSync(path)) return undefined;
  const record = JSON.parse(readFileSync(path, "utf8")) as ProjectRecord;
  if (record.version === 1) return record;
  throw new GantryError("record-version", `${path} has version ${record.version}; this gantry knows 1`, {
    hint: "it was written by a later gantry: use that one",
  });
}

/** Writes the record durably. */
export async function writeProject(roots: Roots, record: ProjectRecord): Promise<void> {
  await mkdir(projectDirectory(roots, record.name), { recursive: true, mode: 0o700 });
  await atomicWrite(recordPath(roots, record.name), `${JSON.stringify(record)}\n`);
}

/** Gives up ownership, when nothing is owned any more. */
export async function removeProject(roots: Roots, name: string): Promise<void> {
  await rm(projectDirectory(roots, name), { recursive: true, force: true });
}

/** Names of the projects that own something, or whose namespace is still there. */
export function projectNames(roots: Roots): string[] {
  const names = new Set([...entries(join(roots.data, "projects")), ...entries(join(roots.run, "projects"))]);
  return [...names].sort();
}

/** Whether anything is left of a project on disk; its containers are asked for elsewhere. */
export function projectExists(roots: Roots, name: string): boolean {
  return existsSync(projectDirectory(roots, name)) || existsSync(projectRunDirectory(roots, name));
}

const recordPath = (roots: Roots, name: string) => join(projectDirectory(roots, name), "project.json");

function entries(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
