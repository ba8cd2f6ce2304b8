import { isUp, projectContainers } from "../../project/index.ts";
import type { ContainerEvent, OpenProject, UpParams } from "../../supervisor/index.ts";
import type { UpOptions } from "../commands/up-request.ts";
import { followOutput, type OutputFollower } from "../containers/follow-output.ts";
import { linePrinter } from "../containers/line-printer.ts";
import { openProgress } from "../render/progress.ts";
import { progressOf, type Session } from "../session.ts";
import { remark } from "../tell.ts";
import { attachedProgress } from "./attached-progress.ts";
import { attachedUp } from "./attached-up.ts";
import { containerLabel } from "./container-label.ts";

/** Runs `up` in the foreground on this machine's projects and terminal. */
export async function runAttached(
  session: Session,
  project: OpenProject,
  request: UpParams,
  options: UpOptions,
): Promise<number> {
  const name = request.project.name;
  const since = Date.now();
  const followers = new Map<string, OutputFollower>();
  const { progress: kind } = session.globals;
  const beside = openProgress(kind === "json" || kind === "quiet" ? kind : "plain", session.stderr, "never");
  const progress = attachedProgress(progressOf(session), beside);
  const print = linePrinter(session, {
    project: name,
    services: Object.keys(request.project.services),
    prefix: options.logPrefix,
    color: options.color,
    timestamps: options.timestamps ?? false,
  });
  const find = (id: string) => projectContainers(session.roots, name).find(({ record }) => record.id === id);
  const isShown = shownServices(request, options);
  const follow = (container: ContainerEvent["container"]) => {
    progress.outputBegins();
    if (followers.has(container.id) || !isShown(container.service)) return;
    followers.set(
      container.id,
      followOutput(session.roots, container.id, { since }, (line) => print(container, line)),
    );
  };
  const rule = {
    abortOnExit: options.abortOnContainerExit ?? false,
    abortOnFailure: options.abortOnContainerFailure ?? false,
    exitCodeFrom: options.exitCodeFrom,
  };
  const door = {
    project,
    progress,
    follow,
    drain: (id: string) => followers.get(id)?.drain(true),
    stateOf: (id: string) => {
      const found = find(id);
      return found && { isUp: isUp(found), exitCode: found.exit?.code ?? 0 };
    },
    prospects: (id: string) => {
      const found = find(id);
      return found && { policy: found.record.restart, restarts: found.state.restartCount };
    },
    containerOf: (id: string) => find(id)?.record,
    announceExit: (container: ContainerEvent["container"], exitCode: number) => {
      const label = containerLabel({ name: container.name, project: name });
      session.stdout.write(`${label} exited with code ${exitCode}\n`);
    },
    remark: (line: string) => remark(session, line),
  };
  try {
    return await attachedUp(door, request, rule);
  } finally {
    for (const follower of followers.values()) follower.stop();
  }
}

/** Whose output is shown: of the services named (all without names), as `--attach` and its like change that. */
export function shownServices(
  request: Pick<UpParams, "services" | "project">,
  options: Pick<UpOptions, "attach" | "noAttach" | "attachDependencies">,
): (service: string) => boolean {
  const named = options.attach ?? (options.attachDependencies ? [] : request.services);
  return (service) => {
    if (options.noAttach?.includes(service)) return false;
    if (options.attach === undefined && request.project.services[service]?.attach === false) return false;
    return named.length === 0 || named.includes(service);
  };
}
