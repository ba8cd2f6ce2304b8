import { openDatabase } from "../../../lib/database.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { readVolume, removeVolume } from "../../../project/index.ts";
import { defineVerb } from "../../verb.ts";
import { noSuchVolume } from "./no-such-volume.ts";
import { volumeUsers } from "./users.ts";

/** `gantry volume rm` */
export const volumeRm = defineVerb<{ readonly force?: boolean }>({
  name: "rm",
  summary: "Remove volumes that no container uses, with their data",
  refusesDryRun: true,
  declare: (command) =>
    command.argument("<names...>").option("-f, --force", "Do not complain of volumes that do not exist"),
  run: async (session, names, { force }) => {
    using database = openDatabase(session.roots);
    const users = volumeUsers(session);
    for (const name of names) {
      const used = users.get(name);
      if (used) throw inUse(name, used);
      if (!readVolume(database, name)) {
        if (force) continue;
        throw noSuchVolume(name);
      }
      await removeVolume(session.roots, database, name);
      session.stdout.write(`${name}\n`);
    }
    return undefined;
  },
});

function inUse(name: string, containers: readonly string[]): GantryError {
  return new GantryError("volume-in-use", `volume ${name} is in use by ${containers.join(", ")}`, {
    hint: "remove the containers first (`gantry down`, `gantry rm`)",
  });
}
