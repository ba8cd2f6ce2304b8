import { openDatabase } from "../../../lib/database.ts";
import { readVolume, type StoredVolume, volumeDataDirectory } from "../../../project/index.ts";
import type { Session } from "../../session.ts";
import { defineVerb } from "../../verb.ts";
import { noSuchVolume } from "./no-such-volume.ts";

/** `gantry volume inspect` */
export const volumeInspect = defineVerb({
  name: "inspect",
  summary: "Show everything known about volumes, as JSON",
  declare: (command) => command.argument("<names...>"),
  run: (session, names) => {
    using database = openDatabase(session.roots);
    const found = names.map((name) => readVolume(database, name) ?? name);
    const volumes = found.filter((volume) => typeof volume !== "string");
    session.stdout.write(
      `${JSON.stringify(
        volumes.map((volume) => inspection(session, volume)),
        undefined,
        4,
      )}\n`,
    );
    const missing = found.find((volume) => typeof volume === "string");
    if (missing !== undefined) throw noSuchVolume(missing);
    return undefined;
  },
});

/** The fields of `docker volume inspect`. */
function inspection({ roots }: Session, { name, driver, labels, options, created }: StoredVolume) {
  return {
    CreatedAt: new Date(created).toISOString(),
    Driver: driver,
    Labels: labels,
    Mountpoint: volumeDataDirectory(roots, name),
    Name: name,
    Options: Object.keys(options).length > 0 ? options : null,
    Scope: "local",
  };
}
