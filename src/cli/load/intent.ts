import type { Project } from "../../compose/index.ts";
import { type Image, resolveImage } from "../../image/index.ts";
import { openDatabase } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { resolveContents, withDefaultBridge } from "../../project/index.ts";
import type { ProjectIntent } from "../../supervisor/index.ts";
import type { Session } from "../session.ts";
import type { LoadedModel } from "./load-model.ts";

/** The model with the images its services run, as the supervisor wants to have it. */
export function intentOf(session: Session, model: LoadedModel): ProjectIntent {
  return {
    project: withDefaultBridge(model.project),
    images: imagesOf(session, model.project),
    contents: resolveContents({
      roots: session.roots,
      project: model.project,
      variables: model.variables,
    }),
    workingDirectory: model.workingDirectory,
    configFiles: model.configFiles,
    disabledServices: model.disabledServices,
  };
}

/** The image name of each service: its own, or Docker Compose's name for the one it builds. */
export const imageNameOf = (project: Project, service: string): string =>
  project.services[service]?.image ?? `${project.name}-${service}`;

/** The stored image of every service; all that are missing are named at once. */
function imagesOf(session: Session, project: Project): Record<string, Image> {
  using database = openDatabase(session.roots);
  const images: Record<string, Image> = {};
  const missing: string[] = [];
  for (const service of Object.keys(project.services)) {
    const name = imageNameOf(project, service);
    const image = resolveImage({ roots: session.roots, database }, name);
    if (image) images[service] = image;
    else missing.push(`service ${service}: ${name}`);
  }
  if (missing.length > 0) throw imagesMissing(missing);
  return images;
}

function imagesMissing(missing: readonly string[]): GantryError {
  const what = missing.length === 1 ? "an image is" : `${missing.length} images are`;
  return new GantryError("image-missing", `${what} not in gantry's store`, {
    details: missing,
    hint: "`docker save NAME | gantry image load`, or `gantry image import ROOTFS.tar NAME`.",
  });
}
