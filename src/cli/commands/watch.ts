import { once } from "node:events";
import type { OpenProject } from "../../supervisor/index.ts";
import { buildServices } from "../build/service-build.ts";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import { bringUp } from "../load/bring-up.ts";
import { type LoadedModel, loadModel } from "../load/load-model.ts";
import { openProjectNamed } from "../load/open-project.ts";
import type { Session } from "../session.ts";
import { defineVerb } from "../verb.ts";
import { requireRules, Watching } from "../watch/watching.ts";

type WatchOptions = { readonly up: boolean; readonly quiet?: boolean; readonly prune: boolean };

/** What `up` does when nothing else is said. */
const UP_OPTIONS = {
  recreate: true,
  deps: true,
  start: true,
  logPrefix: true,
  color: true,
  detach: true,
} as const;

/** Builds a service's image and replaces its containers, unless a newer save has made the build stale. */
async function rebuildService(
  session: Session,
  project: OpenProject,
  model: LoadedModel,
  service: string,
  signal: AbortSignal,
): Promise<void> {
  await buildServices(session, model.project, [service], { cache: true, quiet: true });
  if (!signal.aborted) await bringUp(session, project, model, [service], { ...UP_OPTIONS, deps: false });
}

/** `gantry watch` */
export const watch = defineVerb<WatchOptions>({
  name: "watch",
  summary: "Bring saved files into running containers",
  refusesDryRun: true,
  declare: (command) =>
    command
      .argument("[services...]")
      .option("--no-up", "Do not build and start services first")
      .option("--no-prune", "Keep images that a rebuild replaced")
      .option("--quiet", "Only say what goes wrong"),
  run: async (session, services, { up, quiet }) => {
    const model = loadModel(session, { services });
    requireRules(model, services);
    using project = openProjectNamed(session, model.project.name);
    const apply = (changed: LoadedModel) => bringUp(session, project, changed, services, UP_OPTIONS);
    if (up) await apply(model);
    const rebuild = (changed: LoadedModel, service: string, signal: AbortSignal) =>
      rebuildService(session, project, changed, service, signal);
    const watching = new Watching({
      session,
      project,
      model,
      services,
      quiet: quiet ?? false,
      apply,
      rebuild,
    });
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await watching.close();
    return INTERRUPTED_EXIT_CODE;
  },
});
