import { GantryError } from "../../lib/diagnostic.ts";
import { projectContainers } from "../../project/index.ts";
import type { Methods } from "../../supervisor/index.ts";
import { callOnce } from "../call.ts";
import { projectNameOf } from "../load/project-name.ts";
import type { Session } from "../session.ts";

/** The lifecycle methods that work on containers which exist. */
type LifecycleMethod = "start" | "stop" | "restart" | "kill" | "pause" | "unpause" | "remove";

/**
 * Calls a lifecycle method on the project of this command. With nothing there no supervisor is started, only to find
 * that out.
 */
export async function callOnContainers<Name extends LifecycleMethod>(
  session: Session,
  method: Name,
  params: Methods[Name]["params"],
): Promise<void> {
  const name = projectNameOf(session);
  if (projectContainers(session.roots, name).length > 0) {
    await callOnce(session, name, method, params);
    return;
  }
  const [service] = params.services;
  if (service !== undefined) throw noSuchService(service, []);
  if (method === "start" || method === "restart") throw nothingToStart(name);
}

/** A service named on the command line that the project does not have. */
export function noSuchService(service: string, known: readonly string[]): GantryError {
  return new GantryError("no-such-service", `no such service: ${service}`, {
    hint: known.length > 0 ? `services: ${known.join(", ")}` : "the project has no containers",
  });
}

function nothingToStart(project: string): GantryError {
  return new GantryError("no-containers", `project ${project} has no containers to start`, {
    hint: "`gantry up -d` creates and starts them.",
  });
}
