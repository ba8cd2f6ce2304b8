import { GantryError } from "../../lib/diagnostic.ts";
import { printPlanned } from "../call.ts";
import { pushShown } from "../images/push-shown.ts";
import { loadModel } from "../load/load-model.ts";
import { tellFailure } from "../tell.ts";
import { defineVerb } from "../verb.ts";

type PushOptions = {
  readonly ignorePushFailures?: boolean;
  readonly includeDeps?: boolean;
  readonly quiet?: boolean;
};

/** `gantry push` */
export const push = defineVerb<PushOptions>({
  name: "push",
  honoursParallel: true,
  summary: "Push the images that services build",
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--ignore-push-failures", "Push what can be pushed, and succeed")
      .option("--include-deps", "Also what the services depend on")
      .option("-q, --quiet", "Push without progress"),
  run: async (session, services, { ignorePushFailures, includeDeps, quiet = false }) => {
    const { project } = loadModel(session, { services });
    const isNamed = (name: string) => services.length === 0 || includeDeps || services.includes(name);
    const names = Object.entries(project.services).flatMap(([name, { image, build }]) => {
      // As with Docker Compose: what is not built here has come from where it would go.
      if (!isNamed(name) || image === undefined || build === undefined) return [];
      return [image, ...(build.tags ?? [])];
    });
    const distinct = [...new Set(names)];
    if (session.globals.dryRun)
      return printPlanned(
        session,
        distinct.map((name) => `push image ${name}`),
      );
    const failures: GantryError[] = [];
    await pushShown(session, distinct, quiet, (error) => {
      if (!(error instanceof GantryError)) throw error;
      failures.push(error);
    });
    if (ignorePushFailures) return undefined;
    for (const failure of failures) {
      tellFailure(session, failure);
    }
    return failures.length > 0 ? 1 : undefined;
  },
});
