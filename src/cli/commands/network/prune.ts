import { openDatabase } from "../../../lib/database.ts";
import { removeSharedNetwork } from "../../../project/index.ts";
import { confirm } from "../../confirm.ts";
import { collect } from "../../option-values.ts";
import { defineVerb } from "../../verb.ts";
import { filterNetworks } from "./filters.ts";
import { knownNetworks } from "./known-network.ts";

/** `gantry network prune` */
export const networkPrune = defineVerb<{ readonly force?: boolean; readonly filter?: readonly string[] }>({
  name: "prune",
  summary: "Remove all networks that no project is on",
  refusesDryRun: true,
  declare: (command) =>
    command
      .option("-f, --force", "Do not ask")
      .option("--filter <key=value>", "Only networks that match", collect),
  run: async (session, _operands, { force, filter }) => {
    const question = "This removes all networks that no project is on";
    if (!force && !(await confirm(session, question))) return 1;
    using database = openDatabase(session.roots);
    const unused = filterNetworks(knownNetworks(session, database), filter).filter(
      ({ shared, users }) => shared && users.length === 0,
    );
    for (const { name } of unused) removeSharedNetwork(database, name);
    if (unused.length > 0)
      session.stdout.write(`Deleted Networks:\n${unused.map(({ name }) => `${name}\n`).join("")}\n`);
    return undefined;
  },
});
