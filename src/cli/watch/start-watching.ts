import type { OpenProject } from "../../supervisor/index.ts";
import { buildServices } from "../build/service-build.ts";
import { bringUp } from "../load/bring-up.ts";
import type { LoadedModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { Watching } from "./watching.ts";

/** What `up` does when nothing else is said. */
export const UP_OPTIONS = {
  recreate: true,
  deps: true,
  start: true,
  logPrefix: true,
  color: true,
  detach: true,
} as const;

/** Begins to follow the watch rules of these services of a model (of all, when empty). */
export function startWatching(
  session: Session,
  project: OpenProject,
  model: LoadedModel,
  services: readonly string[],
  quiet: boolean,
): Watching {
  return new Watching({
    session,
    project,
    model,
    services,
    quiet,
    apply: (changed) => bringUp(session, project, changed, services, UP_OPTIONS),
    rebuild: async (changed, service, signal) => {
      await buildServices(session, changed.project, [service], { cache: true, quiet: true });
      // A newer save has made the build stale: its own is under way.
      if (signal.aborted) return;
      await bringUp(session, project, changed, [service], { ...UP_OPTIONS, deps: false });
    },
  });
}
