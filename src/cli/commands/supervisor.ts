import { runSupervisor } from "../../supervisor/index.ts";
import { defineVerb } from "../verb.ts";
import { GANTRY_VERSION } from "../version.ts";

/** `gantry __supervisor PROJECT`: what the keeper starts; the project's one writer. */
export const supervisor = defineVerb({
  name: "__supervisor",
  summary: "Look after a project (started by gantry itself)",
  hidden: true,
  declare: (command) => command.argument("<project>"),
  run: async (session, [project]) => {
    await runSupervisor(session.roots, project!, GANTRY_VERSION);
    return undefined;
  },
});
