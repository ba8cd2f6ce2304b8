import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Volume } from "../compose/index.ts";
import type { Database } from "../lib/database.ts";
import { GantryError } from "../lib/diagnostic.ts";
import { type Roots, volumeDirectory } from "../lib/paths.ts";
import { volumePlace } from "./translate/volume-options.ts";

/** A named volume: its row in the database. The data is in volumes/<name>/_data. */
export type StoredVolume = {
  readonly name: string;
  readonly driver: string;
  readonly project: string | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Of the driver: type, device and o. */
  readonly options: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly created: number;
};

type Row = Omit<StoredVolume, "labels" | "options"> & { readonly labels: string; readonly options: string };

/** All volumes, or those of one project, by name. */
export function listVolumes(database: Database, project?: string): StoredVolume[] {
  const columns = "SELECT name, driver, project, labels, options, created FROM volumes";
  const rows =
    project === undefined
      ? database.all<Row>(`${columns} ORDER BY name`)
      : database.all<Row>(`${columns} WHERE project = ? ORDER BY name`, project);
  return rows.map((row) => ({
    ...row,
    labels: JSON.parse(row.labels) as Record<string, string>,
    options: JSON.parse(row.options) as Record<string, string>,
  }));
}

/** A volume by its name; undefined when there is none. */
export function readVolume(database: Database, name: string): StoredVolume | undefined {
  return listVolumes(database).find((volume) => volume.name === name);
}

/** Creates a named volume with its directory; one that is there already is left as it is. */
export async function createVolume(
  roots: Roots,
  database: Database,
  owner: { readonly project: string; readonly key: string } | undefined,
  volume: Pick<Volume, "name" | "driver" | "driver_opts" | "labels">,
): Promise<void> {
  const driver = volume.driver ?? "local";
  if (driver !== "local") throw unsupportedDriver(volume.name, driver);
  checkVolumeName(volume.name);
  volumePlace(volume.name, volume.driver_opts);
  const labels = {
    ...volume.labels,
    ...(owner && {
      "com.docker.compose.project": owner.project,
      "com.docker.compose.volume": owner.key,
    }),
  };
  // The row comes first: a directory without one would belong to nobody.
  database.run(
    "INSERT OR IGNORE INTO volumes (name, driver, project, labels, options, created) VALUES (?, ?, ?, ?, ?, ?)",
    volume.name,
    driver,
    owner?.project ?? null,
    JSON.stringify(labels),
    JSON.stringify(volume.driver_opts ?? {}),
    Date.now(),
  );
  await mkdir(volumeDataDirectory(roots, volume.name), { recursive: true, mode: 0o755 });
}

/** Removes a named volume and its data; a missing one is not an error. */
export async function removeVolume(roots: Roots, database: Database, name: string): Promise<void> {
  await rm(volumeDirectory(roots, name), { recursive: true, force: true });
  database.run("DELETE FROM volumes WHERE name = ?", name);
}

/** The directory that is mounted. */
export const volumeDataDirectory = (roots: Roots, name: string) =>
  join(volumeDirectory(roots, name), "_data");

/** The file that says that the image's content has been copied into a volume. */
export const volumeCopiedMarker = (roots: Roots, name: string) =>
  join(volumeDirectory(roots, name), "copied");

function checkVolumeName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]+$/.test(name)) return;
  throw new GantryError("invalid-volume-name", `"${name}" cannot be the name of a volume`, {
    hint: "use two or more of letters, digits, _, . and -, beginning with a letter or digit",
  });
}

function unsupportedDriver(name: string, driver: string): GantryError {
  return new GantryError("volume-driver-unsupported", `volume ${name}: there is no driver ${driver}`, {
    hint: "only the driver `local` is there; remove `driver:`",
  });
}
