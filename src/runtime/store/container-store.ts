import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { isAbandoned, ownedName } from "../../lib/owned-name.ts";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import type { ContainerRecord, ContainerState } from "../contract.ts";
import type { ExtraFile } from "../settings.ts";
import { extraFileName } from "../spec/extra-files.ts";
import type { OciSpec } from "../spec/oci-spec.ts";

export type StoredContainer = { readonly record: ContainerRecord; readonly state: ContainerState };

const neverStarted: ContainerState = { version: 1, desired: "created", restartCount: 0 };

/**
 * Makes a container's directory, with record, spec, extra files and what the overlay needs. It is filled under
 * another name and appears at once: there is never a container without a record that says whose it is.
 */
export function createContainerDirectory(
  roots: Roots,
  record: ContainerRecord,
  spec: OciSpec,
  { files, definition }: { readonly files: readonly ExtraFile[]; readonly definition?: unknown },
): void {
  const directory = join(roots.data, "containers", ownedName("incoming"));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, "container.json"), `${JSON.stringify(record)}\n`, { mode: 0o600 });
  writeFileSync(join(directory, "spec.json"), `${JSON.stringify(spec)}\n`, { mode: 0o600 });
  if (definition !== undefined) {
    const document = { version: 1, definition };
    writeFileSync(join(directory, "definition.json"), `${JSON.stringify(document)}\n`, { mode: 0o600 });
  }
  for (const name of ["upper", "work", "rootfs", "files"]) mkdirSync(join(directory, name));
  files.forEach((file, index) => {
    const path = join(directory, "files", extraFileName(file, index));
    writeFileSync(path, file.content);
    // Exactly: the mode given to open(2) is cut by the umask.
    chmodSync(path, file.mode);
  });
  renameSync(directory, containerDirectory(roots, record.id));
}

/** All containers, or those of one project. A directory without a record belongs to nobody and is left out. */
export function readContainers(roots: Roots, project?: string): StoredContainer[] {
  return containerIds(roots).flatMap((id) => {
    const record = readJson<ContainerRecord>(join(containerDirectory(roots, id), "container.json"));
    if (!record || (project !== undefined && record.project !== project)) return [];
    const state = readJson<ContainerState>(join(containerDirectory(roots, id), "state.json"));
    return [{ record, state: state ?? neverStarted }];
  });
}

export function readSpec(roots: Roots, id: string): OciSpec {
  const spec = readJson<OciSpec>(join(containerDirectory(roots, id), "spec.json"));
  if (spec) return spec;
  throw new GantryError("container-incomplete", `container ${id.slice(0, 12)} was never completely made`, {
    hint: "run `gantry up --force-recreate`",
  });
}

/** The service's definition that a container was made from; undefined when that was not written down or has gone. */
export function readDefinition(roots: Roots, id: string): unknown {
  const path = join(containerDirectory(roots, id), "definition.json");
  const document = readJson<{ readonly version: number; readonly definition: unknown }>(path);
  return document?.version === 1 ? document.definition : undefined;
}

/** Replaces the spec of a container that is there: with other limits. */
export function writeSpec(roots: Roots, id: string, spec: OciSpec): void {
  replaceFile(join(containerDirectory(roots, id), "spec.json"), `${JSON.stringify(spec)}\n`);
}

/** Replaces the record of a container that is there: with a network more or less. */
export function writeRecord(roots: Roots, record: ContainerRecord): void {
  replaceFile(join(containerDirectory(roots, record.id), "container.json"), `${JSON.stringify(record)}\n`);
}

/** Replaces what is known of a container's state. Not synced: after a power failure nothing runs anyway. */
export function writeState(roots: Roots, id: string, state: ContainerState): void {
  replaceFile(join(containerDirectory(roots, id), "state.json"), `${JSON.stringify(state)}\n`);
}

/** Removes everything of a container on disk; run again, it goes on where it was interrupted. */
export async function removeContainerDirectories(roots: Roots, id: string): Promise<void> {
  rmSync(containerRunDirectory(roots, id), { recursive: true, force: true });
  const removed = join(roots.data, "containers", ownedName("removed"));
  try {
    renameSync(containerDirectory(roots, id), removed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // Whoever was copying into the container holds its root open, and may write a little longer.
  await rm(removed, { recursive: true, force: true, maxRetries: 10, retryDelay: 10 });
}

/** Removes what killed processes left: containers half made or half removed, run directories without container. */
export async function sweepContainers(roots: Roots): Promise<void> {
  const containers = join(roots.data, "containers");
  const abandoned = entries(containers).filter(isAbandoned);
  await Promise.all(abandoned.map((name) => rm(join(containers, name), { recursive: true, force: true })));
  // In this order: a container made meanwhile has its directory before its run directory.
  const run = entries(join(roots.run, "containers"));
  const known = new Set(containerIds(roots));
  for (const id of run.filter((name) => !known.has(name))) {
    rmSync(containerRunDirectory(roots, id), { recursive: true, force: true });
  }
}

const containerIds = (roots: Roots) =>
  entries(join(roots.data, "containers")).filter((name) => !name.startsWith("."));

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

function readJson<T>(path: string): T | undefined {
  const text = readIfPresent(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
