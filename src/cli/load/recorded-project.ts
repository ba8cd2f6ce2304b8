import { dirname } from "node:path";
import { projectNames, readProject } from "../../project/index.ts";
import type { Session } from "../session.ts";
import { fileAccess, filesSought } from "./compose-files.ts";

/**
 * Names of the projects that were brought up from the Compose files this command is about, or where there are none any
 * more, in this directory or the nearest above it that has some. For commands that work on what exists.
 */
export function recordedProjects(session: Session): readonly string[] {
  const { files, projectDirectory } = filesSought(session, fileAccess());
  const records = projectNames(session.roots).flatMap((name) => readProject(session.roots, name) ?? []);
  if (files.length > 0) {
    return records.filter(({ configFiles }) => configFiles[0] === files[0]).map(({ name }) => name);
  }
  for (let directory = projectDirectory; ; directory = dirname(directory)) {
    const here = records.filter(({ workingDirectory }) => workingDirectory === directory);
    if (here.length > 0 || dirname(directory) === directory) return here.map(({ name }) => name);
  }
}
