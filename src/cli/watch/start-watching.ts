import { setFlagsFromString } from "node:v8";
import type { OpenProject } from "../../supervisor/index.ts";
import { bringUp } from "../load/bring-up.ts";
import type { LoadedModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { rebuildServices } from "./rebuild-service.ts";
import { UP_OPTIONS } from "./up-options.ts";
import { Watching } from "./watching.ts";

export type WatchingOptions = {
  /** Only say what goes wrong. */
  readonly quiet?: boolean;
  /** Remove images that a rebuild has replaced; unless false. */
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly isBesideOutput?: boolean;
};

/** Readies the watch of these services of a model (of all, when empty); it acts once it is told to begin. */
export function prepareWatching(
  session: Session,
  project: OpenProject,
  model: LoadedModel,
  services: readonly string[],
  { quiet = false, prune = true, dryRun = false, isBesideOutput = false }: WatchingOptions,
): Watching {
  // Looking at a large tree leaves much garbage and little else: V8 would keep 64 MB ready for more of it for good.
  setFlagsFromString("--semi-space-growth-factor=1");
  return new Watching({
    session,
    project,
    model,
    services,
    quiet,
    dryRun,
    isBesideOutput,
    apply: async (changed, built) => {
      if (built.length > 0) await rebuildServices(session, project, changed, { services: built, prune });
      await bringUp(session, project, changed, services, UP_OPTIONS);
    },
    rebuild: (changed, service, signal) =>
      rebuildServices(session, project, changed, { services: [service], prune, signal }),
  });
}
