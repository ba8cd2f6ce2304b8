import { openDatabase } from "../../../lib/database.ts";
import { listVolumes } from "../../../project/index.ts";
import { collect } from "../../option-values.ts";
import { declareFormat } from "../../render/formatted.ts";
import { defineVerb } from "../../verb.ts";
import { passes } from "./filters.ts";
import { volumeListing } from "./listing.ts";
import { volumeUsers } from "./users.ts";

type Options = {
  readonly quiet?: boolean;
  readonly filter?: readonly string[];
  readonly format: string;
};

/** `gantry volume ls` */
export const volumeLs = defineVerb<Options>({
  name: "ls",
  summary: "List volumes of all projects",
  declare: (command) =>
    declareFormat(command)
      .option("-q, --quiet", "Only names")
      .option("-f, --filter <filter>", "Only volumes that pass (name=, label=, driver=, dangling=)", collect),
  run: (session, _operands, { quiet, filter = [], format }) => {
    using database = openDatabase(session.roots);
    const users = volumeUsers(session);
    const shown = listVolumes(database).filter((volume) => passes(volume, filter, users.has(volume.name)));
    session.stdout.write(volumeListing(session, shown, { quiet, format }));
    return undefined;
  },
});
