import { type Decision, survivors } from "./decide.ts";
import type { DesiredService } from "./desired.ts";
import { isUp, type ObservedContainer } from "./observed.ts";
import { createId, removeId, startId, stopId, updateId } from "./plan-builder.ts";
import { losesNetwork, stepsBeforeCreate, stepsBeforeStart } from "./plan-resources.ts";
import type { Planning } from "./planning.ts";

/** The steps that carry out what was decided for one service. */
export function planService(planning: Planning, service: DesiredService): void {
  const dependencies = planning.options.start ? planDependencies(planning, service) : [];
  for (const decision of planning.decisions.get(service.name)!) {
    if (decision.type === "start") planStart(planning, decision.container, decision.cause, dependencies);
    else if (decision.type === "update") planUpdate(planning, service, decision, dependencies);
    else if (decision.type === "create") planCreate(planning, service, decision, dependencies);
    else if (decision.type === "recreate") planRecreate(planning, service, decision, dependencies);
    else if (decision.type === "remove") planRemove(planning, decision.container, decision.cause);
  }
}

/** What has to have happened before a container of the service starts: ids of steps. */
export function planDependencies(planning: Planning, service: DesiredService): string[] {
  if (planning.options.noDeps) return [];
  return Object.entries(service.dependsOn).flatMap(([name, { condition, required }]) => {
    const containers = survivors(planning.decisions.get(name) ?? []);
    if (containers.length === 0) return [];
    const starts = containers.map(startId);
    if (condition === "service_started" && required) return starts;
    const action = { type: "wait-for", service: name, containers, condition } as const;
    return [planning.builder.add(action, `${service.name} depends on it`, starts, !required)];
  });
}

/** `--wait`: the command ends when the service is ready, not when it has been started. */
export function planReadiness(planning: Planning, service: DesiredService): void {
  const containers = survivors(planning.decisions.get(service.name)!);
  if (!planning.options.start || !planning.options.wait || containers.length === 0) return;
  const condition = planning.options.refuseOneShots ? "lasting" : "ready";
  const action = { type: "wait-for", service: service.name, containers, condition } as const;
  // Whether it lasts is asked when all have been started: at its own start everything runs.
  const started =
    condition === "ready" ? containers : [...planning.decisions.values()].flatMap((each) => survivors(each));
  planning.builder.add(action, "the command waits for it", started.map(startId));
}

export function planStart(
  planning: Planning,
  { record }: ObservedContainer,
  cause: string,
  after: readonly string[],
): void {
  if (!planning.options.start) return;
  planning.builder.add({ type: "start-container", id: record.id, name: record.name }, cause, after);
}

export function planStop(
  { builder, options }: Planning,
  { record }: ObservedContainer,
  cause: string,
  after: readonly string[] = [],
): void {
  const action = { type: "stop-container", id: record.id, name: record.name } as const;
  builder.add(options.timeout === undefined ? action : { ...action, timeout: options.timeout }, cause, after);
}

export function planRemove(planning: Planning, container: ObservedContainer, cause: string): void {
  const { id, name } = container.record;
  if (isUp(container)) planStop(planning, container, cause);
  planning.builder.add({ type: "remove-container", id, name }, cause, [stopId(id)]);
}

function planUpdate(
  planning: Planning,
  { name: service }: DesiredService,
  { container, cause, changed, start }: Extract<Decision, { type: "update" }>,
  dependencies: readonly string[],
): void {
  const { id, name } = container.record;
  planning.builder.add({ type: "update-container", id, name, service, changed }, cause);
  if (start !== undefined) planStart(planning, container, start, [updateId(id), ...dependencies]);
}

function planCreate(
  planning: Planning,
  service: DesiredService,
  { id, name, number, cause }: Extract<Decision, { type: "create" }>,
  dependencies: readonly string[],
): void {
  const action = { type: "create-container", id, name, service: service.name, number } as const;
  planning.builder.add(action, cause, stepsBeforeCreate(planning, service));
  if (!planning.options.start) return;
  const start = { type: "start-container", id, name } as const;
  planning.builder.add(start, "it is new", [
    createId(id),
    ...stepsBeforeStart(planning, service),
    ...dependencies,
  ]);
}

/**
 * The new container is made before the old one goes, and the old one runs on until what the new one depends on is
 * there: when either fails, what worked still works. The old one goes early where it must: off a network that is
 * replaced, and before a dependency with which it restarts.
 */
function planRecreate(
  planning: Planning,
  service: DesiredService,
  { id, name, number, cause, changed, container }: Extract<Decision, { type: "recreate" }>,
  dependencies: readonly string[],
): void {
  const { builder, restarts } = planning;
  const old = container.record;
  const action = { type: "create-container", id, name, service: service.name, number } as const;
  const replacing = { ...action, replaces: old.id, ...(changed && { changed }) };
  builder.add(replacing, cause, stepsBeforeCreate(planning, service));
  const early =
    losesNetwork(planning, service) || restarts.some(({ dependent }) => dependent === service.name);
  const ready = early ? [] : [createId(id), ...dependencies];
  if (isUp(container)) planStop(planning, container, "it is replaced", ready);
  const remove = { type: "remove-container", id: old.id, name: old.name } as const;
  builder.add(remove, "it is replaced", [createId(id), ...ready, stopId(old.id)]);
  if (!planning.options.start) return;
  const start = { type: "start-container", id, name } as const;
  builder.add(start, "it is new", [
    createId(id),
    removeId(old.id),
    ...stepsBeforeStart(planning, service),
    ...dependencies,
  ]);
}
