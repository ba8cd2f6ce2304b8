import { type Plan, printPlan } from "../project/index.ts";
import type { ContainerEvent, Methods, OpenProject, ProgressEvent } from "../supervisor/index.ts";
import { openProjectNamed } from "./load/open-project.ts";
import { progressOf, type Session } from "./session.ts";

/** Calls a method and shows its progress; `listen` hears of it too. */
export async function callWithProgress<Name extends keyof Methods>(
  session: Session,
  project: OpenProject,
  method: Name,
  params: Methods[Name]["params"],
  listen: (event: ProgressEvent) => void = () => undefined,
): Promise<Methods[Name]["result"]> {
  const view = progressOf(session);
  try {
    return await project.call(method, params, (event) => {
      if (!isProgress(event)) return;
      view.show(event);
      listen(event);
    });
  } finally {
    await view.end();
  }
}

/** The plan that a dry run gives instead of acting. */
export function printPlanned(session: Session, plan: Plan | readonly string[] | undefined): undefined {
  const lines = plan && "steps" in plan ? printPlan(plan) : (plan ?? []);
  session.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return undefined;
}

/** One call on the project of that name, from opening it to closing it. */
export async function callOnce<Name extends keyof Methods>(
  session: Session,
  projectName: string,
  method: Name,
  params: Methods[Name]["params"],
): Promise<Methods[Name]["result"]> {
  using project = openProjectNamed(session, projectName);
  return await callWithProgress(session, project, method, params);
}

/** Progress of a command, told apart from an event in a container's life. */
export const isProgress = (event: ProgressEvent | ContainerEvent): event is ProgressEvent =>
  "status" in event;
