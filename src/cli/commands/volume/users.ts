import { projectContainers, projectNames } from "../../../project/index.ts";
import type { Session } from "../../session.ts";

/** Names of the containers that use each volume, over all projects; anonymous volumes too. */
export function volumeUsers(session: Session): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const project of projectNames(session.roots)) {
    for (const { record } of projectContainers(session.roots, project)) {
      for (const { type, source } of record.mounts) {
        if (type === "volume") users.set(source, [...(users.get(source) ?? []), record.name]);
      }
    }
  }
  return users;
}
