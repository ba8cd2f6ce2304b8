import { join, resolve } from "node:path";
import type { LoadRequest } from "../contract.ts";
import { isFile, type Session } from "../session.ts";
import { readEnvironmentFiles } from "./read-files.ts";
import { belowVariables, type Variables, variablesOf } from "./variables.ts";

type Request = Pick<LoadRequest, "environment" | "envFiles" | "projectDirectory">;

/** The variables of a project: the environment, then the files of `--env-file`, COMPOSE_ENV_FILES or `.env`. */
export function projectVariables(request: Request, session: Session): Variables {
  const outer = variablesOf(request.environment);
  const own = readEnvironmentFiles(environmentFiles(request, outer, session), outer, session);
  return belowVariables(own, outer);
}

function environmentFiles(
  { envFiles, projectDirectory }: Request,
  outer: Variables,
  session: Session,
): string[] {
  if (envFiles && envFiles.length > 0) return [...envFiles];
  const listed = outer.get("COMPOSE_ENV_FILES");
  if (listed) return listed.split(",").map((path) => resolve(projectDirectory, path));
  if (/^(1|t|true)$/i.test(outer.get("COMPOSE_DISABLE_ENV_FILE") ?? "")) return [];
  const standard = join(projectDirectory, ".env");
  return isFile(standard, session) ? [standard] : [];
}
