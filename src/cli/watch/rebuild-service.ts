import { pruneImages, resolveImage } from "../../image/index.ts";
import { openDatabase } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { OpenProject } from "../../supervisor/index.ts";
import { buildServices } from "../build/service-build.ts";
import { withImageStore } from "../commands/image/store.ts";
import { imageNameOf } from "../images/image-name.ts";
import { imageUsers } from "../images/image-users.ts";
import { bringUp } from "../load/bring-up.ts";
import type { LoadedModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { UP_OPTIONS } from "./up-options.ts";

export type Rebuild = {
  readonly services: readonly string[];
  /** Remove the images that nothing uses any more because of it. */
  readonly prune: boolean;
  /** A newer save has made the build stale. */
  readonly signal?: AbortSignal;
};

/** Builds images of services and replaces the containers that run others. Until they are built nothing is touched. */
export async function rebuildServices(
  session: Session,
  project: OpenProject,
  model: LoadedModel,
  { services, prune, signal }: Rebuild,
): Promise<void> {
  const before = imageIds(session, model, services);
  await build(session, model, services, signal);
  if (signal?.aborted) return;
  // What others run is up already: nothing is pulled or built for them.
  await bringUp(session, project, model, services, {
    ...UP_OPTIONS,
    deps: false,
    build: false,
    pull: "missing",
  });
  const after = new Set(imageIds(session, model, services));
  const replaced = new Set(before.filter((id) => !after.has(id)));
  if (!prune || replaced.size === 0) return;
  const usedBy = imageUsers(session);
  await withImageStore(session, (store) => pruneImages(store, { all: false, usedBy, among: replaced }));
}

async function build(
  session: Session,
  { project }: LoadedModel,
  services: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  try {
    await buildServices(session, project, services, { cache: true, quiet: true }, signal);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    const { code, message, diagnostics, details } = error;
    const hint = `What runs stays as it is. \`gantry build --debug-shell ${services.join(" ")}\` opens a shell where it failed.`;
    throw new GantryError(code, message, { diagnostics, details, hint, cause: error });
  }
}

function imageIds(session: Session, { project }: LoadedModel, services: readonly string[]): string[] {
  using database = openDatabase(session.roots);
  const catalog = { roots: session.roots, database };
  return services.flatMap((service) => resolveImage(catalog, imageNameOf(project, service))?.id ?? []);
}
