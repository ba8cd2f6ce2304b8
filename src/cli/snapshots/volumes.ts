import { existsSync, renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openDatabase } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { ownedName } from "../../lib/owned-name.ts";
import { volumeDirectory } from "../../lib/paths.ts";
import {
  listVolumes,
  type ObservedContainer,
  projectContainers,
  projectNames,
  readProject,
  type StoredVolume,
  volumeCopiedMarker,
  volumeDataDirectory,
} from "../../project/index.ts";
import type { Session } from "../session.ts";
import { copyTree } from "./copy-tree.ts";
import { type Snapshot, snapshotData } from "./store.ts";

const KEY = "com.docker.compose.volume";

/** The named volumes that a project owns, by the key that its files have for them. */
export function projectVolumes({ roots }: Session, project: string): ReadonlyMap<string, StoredVolume> {
  const owned = new Set(readProject(roots, project)?.volumes ?? []);
  using database = openDatabase(roots);
  const volumes = listVolumes(database).filter(({ name }) => owned.has(name));
  const elsewhere = volumes.find(({ options }) => Object.keys(options).length > 0);
  if (elsewhere) {
    throw new GantryError(
      "snapshot-elsewhere",
      `volume ${elsewhere.name} is not kept by gantry, but by its driver_opts`,
      {
        hint: "only volumes without driver_opts can be saved and restored",
      },
    );
  }
  return new Map(volumes.map((volume) => [volume.labels[KEY] ?? volume.name, volume]));
}

/** While something may write to a volume, a copy would be of no moment; paused containers write nothing. */
export function requireStill(
  { roots }: Session,
  volumes: Iterable<StoredVolume>,
  still: ReadonlySet<ObservedContainer["status"]>,
): void {
  const names = new Set([...volumes].map(({ name }) => name));
  const users = projectNames(roots)
    .flatMap((project) => projectContainers(roots, project))
    .filter(
      ({ status, record }) => !still.has(status) && record.mounts.some(({ source }) => names.has(source)),
    );
  if (users.length === 0) return;
  const list = users.map(({ record, status }) => `${record.name} (${status})`).join(", ");
  throw new GantryError("volume-in-use", `volumes are in use by ${list}`, {
    hint: still.has("paused") ? "`gantry stop` or `gantry pause` first" : "`gantry stop` first",
  });
}

/** Containers of these states write nothing. */
export const STOPPED: ReadonlySet<ObservedContainer["status"]> = new Set(["created", "exited", "dead"]);
export const STOPPED_OR_PAUSED: ReadonlySet<ObservedContainer["status"]> = new Set([...STOPPED, "paused"]);

/** Puts what a snapshot holds into volumes of the same keys, in place of what they contain. */
export async function restoreInto(
  { roots }: Session,
  snapshot: Snapshot,
  volumes: ReadonlyMap<string, StoredVolume>,
): Promise<void> {
  for (const key of snapshot.volumes) {
    const { name } = volumes.get(key)!;
    const data = volumeDataDirectory(roots, name);
    const [incoming, removed] = (["incoming", "removed"] as const).map((purpose) =>
      join(volumeDirectory(roots, name), ownedName(purpose)),
    );
    try {
      await copyTree(snapshotData(roots, snapshot, key), incoming!);
      if (existsSync(data)) renameSync(data, removed!);
      renameSync(incoming!, data);
      // What the image has at the mount point is not to be mixed in.
      writeFileSync(volumeCopiedMarker(roots, name), "");
    } finally {
      await rm(incoming!, { recursive: true, force: true });
    }
    await rm(removed!, { recursive: true, force: true });
  }
}

/** The volumes of a snapshot that the project does not have. */
export const missingVolumes = (snapshot: Snapshot, volumes: ReadonlyMap<string, StoredVolume>): string[] =>
  snapshot.volumes.filter((key) => !volumes.has(key));
