import type { Image } from "../../image/index.ts";
import {
  resolveContents,
  withDefaultBridge,
  withPredefinedNetworks,
  withSeccompProfiles,
} from "../../project/index.ts";
import type { ProjectIntent } from "../../supervisor/index.ts";
import type { Session } from "../session.ts";
import { hostAbilities } from "./host-abilities.ts";
import type { LoadedModel } from "./load-model.ts";
import { mountedImages } from "./mounted-images.ts";
import { orphanPolicy } from "./orphans.ts";

/** The model with the images its services run, as the supervisor wants to have it. */
export function intentOf(
  session: Session,
  model: LoadedModel,
  images: Readonly<Record<string, Image>>,
): ProjectIntent {
  const project = withDefaultBridge(withPredefinedNetworks(model.project));
  return {
    ...hostAbilities(session, { ...model, project }),
    project: withSeccompProfiles(project, model.workingDirectory),
    images,
    mountedImages: mountedImages(session, model.project),
    contents: resolveContents({
      roots: session.roots,
      project: model.project,
      variables: model.variables,
    }),
    orphans: orphanPolicy(model.variables),
    workingDirectory: model.workingDirectory,
    configFiles: model.configFiles,
    disabledServices: model.disabledServices,
    ...(session.globals.allResources && { allResources: true }),
    ...(model.compatibility && { nameSeparator: "_" }),
  };
}
