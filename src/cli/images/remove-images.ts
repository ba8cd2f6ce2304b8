import { removeImage, resolveImage } from "../../image/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { projectContainers } from "../../project/index.ts";
import { printPlanned } from "../call.ts";
import { withImageStore } from "../commands/image/store.ts";
import { modelIfThere } from "../load/model-if-there.ts";
import { progressOf, type Session } from "../session.ts";
import { imageNameOf } from "./image-name.ts";
import { imageUsers } from "./image-users.ts";

/** `down --rmi`: only what is built here, or every image of the project. */
export type ImagesToRemove = "local" | "all";

/** Names of the images of a project's services: from its files, and from its containers, should the files be gone. */
export function imagesOfProject(
  session: Session,
  project: string,
  services: readonly string[],
  which: ImagesToRemove,
): readonly string[] {
  const isWanted = (service: string) => services.length === 0 || services.includes(service);
  const model = modelIfThere(session, project)?.project;
  const named = Object.entries(model?.services ?? {}).flatMap(([service, { image, build }]) => {
    const isBuilt = image === undefined || build !== undefined;
    return isWanted(service) && (which === "all" || isBuilt) ? [imageNameOf(model!, service)] : [];
  });
  const used = projectContainers(session.roots, project).flatMap(({ record: { service, image } }) => {
    // By its name: the records do not say whether an image was built.
    const isBuilt =
      /^[-_]/.test(image.reference.slice(project.length)) && image.reference.startsWith(project);
    return isWanted(service) && (which === "all" || isBuilt) ? [image.reference] : [];
  });
  return [...new Set([...named, ...used])];
}

/** Removes them; one that containers of other projects use stays, with a warning. */
export async function removeImages(session: Session, names: readonly string[]): Promise<undefined> {
  const view = progressOf(session);
  const tell = (name: string, status: "removing" | "removed" | "warning", detail?: string) =>
    view.show({ kind: "image", name, status, time: Date.now(), ...(detail && { detail }) });
  await withImageStore(session, async (store) => {
    const there = names.filter((name) => resolveImage(store, name) !== undefined);
    if (session.globals.dryRun)
      return printPlanned(
        session,
        there.map((name) => `remove image ${name}`),
      );
    const usedBy = imageUsers(session);
    for (const name of there) {
      tell(name, "removing");
      try {
        await removeImage(store, name, { force: false, usedBy });
        tell(name, "removed");
      } catch (error) {
        if (!(error instanceof GantryError)) throw error;
        tell(name, "warning", error.message);
      }
    }
    return undefined;
  }).finally(() => view.end());
}
