import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { GantryError } from "../../lib/diagnostic.ts";
import { type Roots, volumeDirectory } from "../../lib/paths.ts";
import { type DecidedMount, volumeDataDirectory } from "../../project/index.ts";
import type { ContainerRecord } from "../../runtime/index.ts";

/** Makes what a container mounts and may be made: anonymous volumes, and bind sources where that was asked for. */
export async function makeMountSources(
  roots: Roots,
  service: string,
  mounts: readonly DecidedMount[],
): Promise<void> {
  for (const { record, createHostPath } of mounts) {
    if (record.type === "volume" && record.anonymous) {
      await mkdir(volumeDataDirectory(roots, record.source), { recursive: true, mode: 0o755 });
    }
    if (record.type !== "bind" || existsSync(record.source)) continue;
    if (!createHostPath) throw missingSource(service, record.source, record.target);
    await mkdir(record.source, { recursive: true });
  }
}

/** Removes the anonymous volumes of a container that no other container has taken over. */
export async function removeAnonymousVolumes(
  roots: Roots,
  record: ContainerRecord,
  others: readonly ContainerRecord[],
): Promise<void> {
  const own = record.mounts.filter(({ anonymous }) => anonymous).map(({ source }) => source);
  if (own.length === 0) return;
  const taken = new Set(others.flatMap(({ mounts }) => mounts.map(({ source }) => source)));
  for (const name of own.filter((source) => !taken.has(source))) {
    await rm(volumeDirectory(roots, name), { recursive: true, force: true });
  }
}

function missingSource(service: string, source: string, target: string): GantryError {
  return new GantryError(
    "bind-source-missing",
    `service ${service}: ${source}, to be mounted at ${target}, does not exist`,
    { hint: "create it, or set bind.create_host_path" },
  );
}
