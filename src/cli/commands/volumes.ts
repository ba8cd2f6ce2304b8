import { Option } from "commander";
import { openDatabase } from "../../lib/database.ts";
import { listVolumes } from "../../project/index.ts";
import { containersOf } from "../containers/select.ts";
import { projectNameOf } from "../load/project-name.ts";
import { renderTable } from "../render/table.ts";
import { defineVerb } from "../verb.ts";

type VolumesOptions = { readonly quiet?: boolean; readonly format: "table" | "json" };

/** `gantry volumes` */
export const volumes = defineVerb<VolumesOptions>({
  name: "volumes",
  summary: "List the volumes of the project",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("-q, --quiet", "Only names")
      .addOption(
        new Option("--format <format>", "Format of the output").choices(["table", "json"]).default("table"),
      ),
  run: (session, services, { quiet, format }) => {
    const used = new Set(
      containersOf(session, services).flatMap(({ record }) =>
        record.mounts.filter(({ type }) => type === "volume").map(({ source }) => source),
      ),
    );
    using database = openDatabase(session.roots);
    const shown = listVolumes(database, projectNameOf(session)).filter(
      ({ name }) => services.length === 0 || used.has(name),
    );
    if (quiet) session.stdout.write(shown.map(({ name }) => `${name}\n`).join(""));
    else if (format === "json") {
      const line = ({ name }: { name: string }) => `${JSON.stringify({ Driver: "local", Name: name })}\n`;
      session.stdout.write(shown.map(line).join(""));
    } else
      session.stdout.write(
        renderTable(
          ["DRIVER", "VOLUME NAME"],
          shown.map(({ name }) => ["local", name]),
        ),
      );
    return undefined;
  },
});
