import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";
import { loadModel } from "./load-model.ts";

/**
 * The name of the project a command is about that works on what exists. With `-p` or COMPOSE_PROJECT_NAME no file is
 * read, so that it works where the file is gone.
 */
export function projectNameOf(session: Session): string {
  const given = session.globals.projectName || session.environment["COMPOSE_PROJECT_NAME"];
  if (given) return checkedName(given);
  return loadModel(session, { silent: true, allProfiles: true }).project.name;
}

function checkedName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(name)) return name;
  throw new GantryError("invalid-project-name", `"${name}" cannot be the name of a project`, {
    hint: "Use lower-case letters, digits, - and _, beginning with a letter or digit.",
  });
}
