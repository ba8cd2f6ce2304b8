import { openDatabase } from "../../../lib/database.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import { networkInUse, removeSharedNetwork } from "../../../project/index.ts";
import { tellFailure } from "../../tell.ts";
import { defineVerb } from "../../verb.ts";
import { findKnown, type KnownNetwork, knownNetworks } from "./known-network.ts";

/** `gantry network rm` */
export const networkRm = defineVerb<{ readonly force?: boolean }>({
  name: "rm",
  summary: "Remove networks that no project is on",
  refusesDryRun: true,
  declare: (command) =>
    command.argument("<networks...>").option("-f, --force", "No error for a network that does not exist"),
  run: (session, names, { force = false }) => {
    using database = openDatabase(session.roots);
    let failed = 0;
    for (const name of names) {
      try {
        const network = findKnown(knownNetworks(session, database), name);
        if (!network.shared) throw projectsOwn(network);
        if (network.users.length > 0) throw networkInUse(network.name, network.users);
        removeSharedNetwork(database, network.name);
        session.stdout.write(`${name}\n`);
      } catch (error) {
        if (!(error instanceof GantryError)) throw error;
        if (force && error.code === "network-missing") continue;
        tellFailure(session, error);
        failed++;
      }
    }
    return failed > 0 ? 1 : 0;
  },
});

function projectsOwn({ name, project }: KnownNetwork): GantryError {
  return new GantryError("network-in-use", `network ${name} belongs to project ${project}`, {
    hint: `it goes with the project: gantry -p ${project} down`,
  });
}
