import { GantryError } from "../../lib/diagnostic.ts";
import type { Session } from "../session.ts";
import { tellDiagnostics } from "../tell.ts";
import { loadModel } from "./load-model.ts";
import { recordedProjects } from "./recorded-project.ts";

/**
 * The name of the project a command is about that works on what exists. With `-p` or COMPOSE_PROJECT_NAME no file is
 * read. Where the file is gone or does not load, it is the project that was brought up from it.
 */
export function projectNameOf(session: Session): string {
  const given = session.globals.projectName || session.environment["COMPOSE_PROJECT_NAME"];
  if (given) return checkedName(given);
  try {
    return loadModel(session, { silent: true, allProfiles: true }).project.name;
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return recordedName(session, error);
  }
}

/** Sessions whose user knows: several parts of a command ask for the name. */
const told = new WeakSet<Session>();

function recordedName(session: Session, failure: GantryError): string {
  const [name, ...others] = recordedProjects(session);
  if (name === undefined) throw failure;
  if (others.length > 0) {
    throw new GantryError(failure.code, failure.message, {
      diagnostics: failure.diagnostics,
      hint: `Several projects were brought up from here: say which with -p ${[name, ...others].join(", -p ")}.`,
      exitCode: failure.exitCode,
    });
  }
  if (told.has(session)) return name;
  told.add(session);
  const message = `${failure.message}: this is about project ${name}, which was brought up from here`;
  tellDiagnostics(session, [{ severity: "warning", code: "recorded-project", message }]);
  return name;
}

function checkedName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(name)) return name;
  throw new GantryError("invalid-project-name", `"${name}" cannot be the name of a project`, {
    hint: "Use lower-case letters, digits, - and _, beginning with a letter or digit.",
  });
}
