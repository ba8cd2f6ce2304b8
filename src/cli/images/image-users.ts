import type { ImageUsers } from "../../image/index.ts";
import { projectContainers, projectNames } from "../../project/index.ts";
import type { Session } from "../session.ts";

/** Names of the containers that use each image, over all projects. */
export function imageUsers(session: Session): ImageUsers {
  const users = new Map<string, string[]>();
  for (const project of projectNames(session.roots)) {
    for (const { record } of projectContainers(session.roots, project)) {
      users.set(record.image.id, [...(users.get(record.image.id) ?? []), record.name]);
    }
  }
  return users;
}
