import { GantryError } from "../../lib/diagnostic.ts";
import { noSuchService, projectContainers } from "../../project/index.ts";
import type { Methods } from "../../supervisor/index.ts";
import { callOnce, printPlanned } from "../call.ts";
import { projectNameOf } from "../load/project-name.ts";
import type { Session } from "../session.ts";
import { type LifecycleMethod, plannedSteps } from "./planned-steps.ts";

/**
 * Calls a lifecycle method on the project of this command. With nothing there no supervisor is started, only to find
 * that out.
 */
export async function callOnContainers<Name extends LifecycleMethod>(
  session: Session,
  method: Name,
  params: Methods[Name]["params"],
): Promise<undefined> {
  const name = projectNameOf(session);
  const containers = projectContainers(session.roots, name);
  if (containers.length > 0) {
    if (session.globals.dryRun) printPlanned(session, plannedSteps(containers, method, params));
    else await callOnce(session, name, method, params);
    return undefined;
  }
  const [service] = params.services;
  if (service !== undefined) throw noSuchService(service, []);
  if (method === "start" || method === "restart") throw nothingToStart(name);
  return undefined;
}

function nothingToStart(project: string): GantryError {
  return new GantryError("no-containers", `project ${project} has no containers to start`, {
    hint: "`gantry up -d` creates and starts them.",
  });
}
