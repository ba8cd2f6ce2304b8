import { type StoredVolume, volumeDataDirectory } from "../../../project/index.ts";
import { formatted } from "../../render/formatted.ts";
import { renderTable } from "../../render/table.ts";
import type { Session } from "../../session.ts";
import type { Value } from "../../template/syntax.ts";

/** Volumes as `volumes` and `volume ls` list them. */
export function volumeListing(
  { roots }: Session,
  volumes: readonly StoredVolume[],
  { quiet, format }: { readonly quiet?: boolean; readonly format: string },
): string {
  if (quiet) return volumes.map(({ name }) => `${name}\n`).join("");
  const lines = volumes.map((volume) => volumeLine(volume, volumeDataDirectory(roots, volume.name)));
  const rows = lines.map((line, index) => {
    return { ...line, Label: (name: Value) => volumes[index]!.labels[String(name)] ?? "" };
  });
  return formatted(rows, format, {
    table: () =>
      renderTable(
        ["DRIVER", "VOLUME NAME"],
        volumes.map(({ driver, name }) => [driver, name]),
      ),
    json: () => lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  });
}

/** The fields of `docker volume ls --format json`. */
const volumeLine = ({ name, driver, labels }: StoredVolume, mountpoint: string) => ({
  Availability: "N/A",
  Driver: driver,
  Group: "N/A",
  Labels: Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(","),
  Links: "N/A",
  Mountpoint: mountpoint,
  Name: name,
  Scope: "local",
  Size: "N/A",
  Status: "N/A",
});
