import { confirm } from "../../confirm.ts";
import { defineVerb } from "../../verb.ts";
import { pruneAndTell } from "../image/prune.ts";

/** `gantry system prune` */
export const systemPrune = defineVerb<{ readonly all?: boolean; readonly force?: boolean }>({
  name: "prune",
  summary: "Remove images nobody needs, and what killed commands left; containers and volumes stay",
  refusesDryRun: true,
  declare: (command) =>
    command
      .option("-a, --all", "Also images with names, when no container uses them")
      .option("-f, --force", "Do not ask"),
  run: async (session, _operands, { all = false, force }) => {
    const what = all ? "all images no container uses" : "all images without a name";
    if (!force && !(await confirm(session, `This removes ${what}, and leftovers of killed commands`)))
      return 1;
    await pruneAndTell(session, all);
    return undefined;
  },
});
