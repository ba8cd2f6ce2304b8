import { Option } from "commander";
import { openDatabase } from "../../../lib/database.ts";
import { listVolumes, type StoredVolume, volumeDataDirectory } from "../../../project/index.ts";
import { collect } from "../../option-values.ts";
import { renderTable } from "../../render/table.ts";
import type { Session } from "../../session.ts";
import { defineVerb } from "../../verb.ts";
import { passes } from "./filters.ts";
import { volumeUsers } from "./users.ts";

type Options = {
  readonly quiet?: boolean;
  readonly filter?: readonly string[];
  readonly format: "table" | "json";
};

/** `gantry volume ls` */
export const volumeLs = defineVerb<Options>({
  name: "ls",
  summary: "List volumes of all projects",
  declare: (command) =>
    command
      .option("-q, --quiet", "Only names")
      .option("-f, --filter <filter>", "Only volumes that pass (name=, label=, driver=, dangling=)", collect)
      .addOption(
        new Option("--format <format>", "Format of the output").choices(["table", "json"]).default("table"),
      ),
  run: (session, _operands, { quiet, filter = [], format }) => {
    using database = openDatabase(session.roots);
    const users = volumeUsers(session);
    const shown = listVolumes(database).filter((volume) => passes(volume, filter, users.has(volume.name)));
    if (quiet) session.stdout.write(shown.map(({ name }) => `${name}\n`).join(""));
    else if (format === "json")
      session.stdout.write(shown.map((volume) => jsonLine(session, volume)).join(""));
    else {
      const rows = shown.map(({ driver, name }) => [driver, name]);
      session.stdout.write(renderTable(["DRIVER", "VOLUME NAME"], rows));
    }
    return undefined;
  },
});

/** The fields of `docker volume ls --format json`. */
function jsonLine({ roots }: Session, { name, driver, labels }: StoredVolume): string {
  const line = {
    Availability: "N/A",
    Driver: driver,
    Group: "N/A",
    Labels: Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
    Links: "N/A",
    Mountpoint: volumeDataDirectory(roots, name),
    Name: name,
    Scope: "local",
    Size: "N/A",
    Status: "N/A",
  };
  return `${JSON.stringify(line)}\n`;
}
