import { once } from "node:events";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import { bringUp } from "../load/bring-up.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { defineVerb } from "../verb.ts";
import { startWatching, UP_OPTIONS } from "../watch/start-watching.ts";
import { requireRules } from "../watch/watching.ts";

type WatchOptions = { readonly up: boolean; readonly quiet?: boolean };

/** `gantry watch` */
export const watch = defineVerb<WatchOptions>({
  name: "watch",
  summary: "Bring saved files into running containers",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--no-up", "Do not build and start services first")
      .option("--quiet", "Only say what goes wrong"),
  run: async (session, services, { up, quiet }) => {
    const model = loadModel(session, { services });
    requireRules(model, services);
    using project = openProjectNamed(session, model.project.name);
    if (up) await bringUp(session, project, model, services, UP_OPTIONS);
    const watching = startWatching(session, project, model, services, quiet ?? false);
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await watching.close();
    return INTERRUPTED_EXIT_CODE;
  },
});
