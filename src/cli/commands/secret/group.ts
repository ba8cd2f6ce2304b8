import { removeStoredContent } from "../../../project/index.ts";
import { defineVerb, type VerbGroup } from "../../verb.ts";
import { secretCreate } from "./create.ts";
import { secretLs } from "./ls.ts";

const secretRm = defineVerb({
  name: "rm",
  summary: "Remove stored secrets",
  refusesDryRun: true,
  declare: (command) => command.argument("<names...>"),
  run: async (session, names) => {
    for (const name of names) {
      await removeStoredContent(session.roots, name);
      session.stdout.write(`${name}\n`);
    }
    return undefined;
  },
});

/** `gantry secret …` */
export const secret: VerbGroup = {
  name: "secret",
  summary: "Store what external secrets and configs contain",
  verbs: [secretCreate, secretLs, secretRm],
};
