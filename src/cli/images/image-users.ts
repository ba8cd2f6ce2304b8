import type { ImageUsers } from "../../image/index.ts";
import { projectContainers, projectNames } from "../../project/index.ts";
import type { Session } from "../session.ts";

/** Names of the containers that use each image, over all projects. */
export function imageUsers(session: Session): ImageUsers {
  const users = new Map<string, string[]>();
  for (const project of projectNames(session.roots)) {
    for (const { record } of projectContainers(session.roots, project)) {
      const mounted = record.mounts.flatMap(({ image }) => image ?? []);
      for (const id of [record.image.id, ...mounted]) users.set(id, [...(users.get(id) ?? []), record.name]);
    }
  }
  return users;
}
