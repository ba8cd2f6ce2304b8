import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import type { ContainerRecord, ContainerState } from "../contract.ts";
import type { ExtraFile } from "../settings.ts";
import { extraFileName } from "../spec/extra-files.ts";
import type { OciSpec } from "../spec/oci-spec.ts";
import { readIfPresent } from "./status-file.ts";

export type StoredContainer = { readonly record: ContainerRecord; readonly state: ContainerState };

const neverStarted: ContainerState = { version: 1, desired: "created", restartCount: 0 };

/** Makes a container's directory: the record first, so that it is owned before anything else is there. */
export function createContainerDirectory(
  roots: Roots,
  record: ContainerRecord,
  spec: OciSpec,
  files: readonly ExtraFile[],
): void {
  const directory = containerDirectory(roots, record.id);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  replaceFile(join(directory, "container.json"), `${JSON.stringify(record)}\n`);
  replaceFile(join(directory, "spec.json"), `${JSON.stringify(spec)}\n`);
  for (const name of ["upper", "work", "rootfs", "files"])
    mkdirSync(join(directory, name), { recursive: true });
  files.forEach((file, index) => {
    writeFileSync(join(directory, "files", extraFileName(file, index)), file.content, { mode: file.mode });
  });
}

/** All containers, or those of one project. A directory without a record belongs to nobody and is left out. */
export function readContainers(roots: Roots, project?: string): StoredContainer[] {
  return entries(join(roots.data, "containers")).flatMap((id) => {
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

/** Replaces what is known of a container's state. Not synced: after a power failure nothing runs anyway. */
export function writeState(roots: Roots, id: string, state: ContainerState): void {
  replaceFile(join(containerDirectory(roots, id), "state.json"), `${JSON.stringify(state)}\n`);
}

/** Removes everything of a container on disk, also when it is half-made; the record goes last. */
export async function removeContainerDirectories(roots: Roots, id: string): Promise<void> {
  rmSync(containerRunDirectory(roots, id), { recursive: true, force: true });
  const directory = containerDirectory(roots, id);
  const names = entries(directory).filter((name) => name !== "container.json");
  await Promise.all(names.map((name) => rm(join(directory, name), { recursive: true, force: true })));
  rmSync(directory, { recursive: true, force: true });
}

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
