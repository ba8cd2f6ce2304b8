import { once } from "node:events";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import { bringUp } from "../load/bring-up.ts";
import { loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import { planReport } from "../plan/plan-report.ts";
import { planText } from "../plan/render-plan.ts";
import { remark } from "../tell.ts";
import { defineVerb } from "../verb.ts";
import { prepareWatching } from "../watch/start-watching.ts";
import { UP_OPTIONS } from "../watch/up-options.ts";
import { builtServices, requireRules } from "../watch/watch-inputs.ts";

type WatchOptions = {
  readonly up: boolean;
  readonly prune: boolean;
  readonly quiet?: boolean;
  readonly dryRun?: boolean;
};

/** `gantry watch` */
export const watch = defineVerb<WatchOptions>({
  name: "watch",
  honoursParallel: true,
  summary: "Bring saved files into running containers",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--no-up", "Do not build and start services first")
      .option("--prune", "Remove images that a rebuild has replaced (the default)", true)
      .option("--no-prune", "Keep images that a rebuild has replaced")
      .option("--quiet", "Only say what goes wrong")
      .option("--dry-run", "Say what would be done about what is saved, do nothing"),
  run: async (session, services, options) => {
    const model = loadModel(session, { services });
    requireRules(model, services);
    const dryRun = (options.dryRun ?? false) || session.globals.dryRun;
    const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    using project = openProjectNamed(session, model.project.name);
    // Before anything is built: what is saved meanwhile is no part of it.
    const watching = prepareWatching(session, project, model, services, { ...options, dryRun });
    try {
      const built = builtServices(model, services);
      const build = built.length > 0 ? { build: true, services: built } : {};
      const upOptions = { ...UP_OPTIONS, ...build, quietBuild: options.quiet };
      if (options.up && dryRun) {
        const report = await planReport(session, project, model, services, upOptions);
        session.stdout.write(planText(report, session));
      } else if (options.up) await bringUp(session, project, model, services, upOptions);
      const end = await Promise.race([interrupted, watching.begin().then(() => "down" as const)]);
      if (end !== "down") return INTERRUPTED_EXIT_CODE;
      remark(session, `Project ${model.project.name} is down: there is nothing to watch any more`);
      return 0;
    } finally {
      await watching.close();
    }
  },
});
