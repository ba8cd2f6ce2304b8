import type { DependsOn } from "../compose/index.ts";
import type { ServiceDependency } from "../runtime/index.ts";
import { isUp, type ObservedContainer, type ObservedProject } from "./observed.ts";
import type { Plan } from "./plan.ts";
import { PlanBuilder, startId, stopId } from "./plan-builder.ts";
import { restartedWith } from "./restarted-with.ts";
import { selectServices } from "./select-services.ts";

/** A service as its containers remember it: commands without the compose file go by this. */
type RememberedService = {
  readonly name: string;
  readonly dependsOn: Readonly<Record<string, ServiceDependency>>;
  readonly containers: readonly ObservedContainer[];
};

export type LifecycleOptions = {
  /** Empty: all. */
  readonly services: readonly string[];
  /** Seconds; absent: each container's own grace period. */
  readonly timeout?: number;
};

/** Stops containers, dependents before what they depend on. */
export function planStop(observed: ObservedProject, options: LifecycleOptions): Plan {
  const builder = new PlanBuilder();
  addStops(builder, selected(observed, options), options.timeout, "a stop was asked for");
  return builder.build();
}

/** Starts containers that are down, each when what it depends on is there. */
export function planStart(
  observed: ObservedProject,
  options: LifecycleOptions & { readonly wait: boolean },
): Plan {
  const builder = new PlanBuilder();
  const services = selectServices(remembered(observed), options.services, false);
  const down = (container: ObservedContainer) => !isUp(container);
  addStarts(builder, services, down, "a start was asked for");
  if (options.wait) for (const service of services) addReadiness(builder, service);
  return builder.build();
}

/** Stops and starts containers, and the dependents that ask to be restarted with them. */
export function planRestart(
  observed: ObservedProject,
  options: LifecycleOptions & { readonly noDeps: boolean },
): Plan {
  const builder = new PlanBuilder();
  const all = remembered(observed);
  const named = selectServices(all, options.services, true).map(({ name }) => name);
  const pairs = options.noDeps ? [] : restartedWith(all as readonly RestartingService[], named);
  const names = new Set([...named, ...pairs.map(({ dependent }) => dependent)]);
  const services = all.filter(({ name }) => names.has(name));
  addStops(builder, services, options.timeout, "a restart was asked for");
  addStarts(builder, services, () => true, "a restart was asked for");
  return builder.build();
}

/** Removes containers that are down; with `stop`, those that run too. */
export function planRemove(
  observed: ObservedProject,
  options: LifecycleOptions & { readonly stop: boolean },
): Plan {
  const builder = new PlanBuilder();
  const services = selected(observed, options);
  if (options.stop) addStops(builder, services, options.timeout, "a removal was asked for");
  for (const container of services.flatMap(({ containers }) => containers)) {
    if (isUp(container) && !options.stop) continue;
    addRemoval(builder, container, "a removal was asked for");
  }
  return builder.build();
}

/** Takes down what the project owns, whatever the compose file says by now. */
export function planDown(
  observed: ObservedProject,
  options: LifecycleOptions & { readonly volumes: readonly string[] },
): Plan {
  const builder = new PlanBuilder();
  const cause = "the project is taken down";
  const everything = options.services.length === 0;
  const services = everything ? remembered(observed, true) : selected(observed, options);
  addStops(builder, services, options.timeout, cause);
  const removals = services
    .flatMap(({ containers }) => containers)
    .map((container) => addRemoval(builder, container, cause));
  if (!everything) return builder.build();
  for (const { key, name, external } of observed.networks) {
    const action = { type: "remove-network", network: key, name, ...(external && { external }) } as const;
    builder.add(action, cause, removals);
  }
  for (const name of options.volumes) {
    builder.add({ type: "remove-volume", name }, "volumes are to go too", removals);
  }
  return builder.build();
}

type RestartingService = { readonly name: string; readonly dependsOn: Readonly<Record<string, DependsOn>> };

function selected(observed: ObservedProject, { services }: LifecycleOptions): RememberedService[] {
  return selectServices(remembered(observed), services, true);
}

/** Services as their newest containers remember them, in the order of their names. */
function remembered(observed: ObservedProject, withOneOffs = false): RememberedService[] {
  const groups = new Map<string, ObservedContainer[]>();
  for (const container of observed.containers) {
    if (container.record.oneOff && !withOneOffs) continue;
    const group = groups.get(container.record.service);
    if (group) group.push(container);
    else groups.set(container.record.service, [container]);
  }
  return [...groups].sort(byName).map(([name, containers]) => ({
    name,
    dependsOn: Object.assign({}, ...containers.map(({ record }) => record.dependsOn)),
    containers,
  }));
}

function addStops(
  builder: PlanBuilder,
  services: readonly RememberedService[],
  timeout: number | undefined,
  cause: string,
): void {
  const dependents = dependentsOf(services);
  for (const { name, containers } of services) {
    const before = (dependents.get(name) ?? []).map(({ record }) => stopId(record.id));
    for (const { record } of containers.filter(isUp)) {
      const action = { type: "stop-container", id: record.id, name: record.name } as const;
      builder.add(timeout === undefined ? action : { ...action, timeout }, cause, before);
    }
  }
}

/** By service: the running containers of the services that depend on it, also by way of services that are down. */
function dependentsOf(services: readonly RememberedService[]): Map<string, ObservedContainer[]> {
  const dependents = new Map<string, ObservedContainer[]>();
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const service of services) {
    const running = service.containers.filter(isUp);
    const queue = Object.keys(service.dependsOn);
    const seen = new Set([service.name]);
    for (const name of queue) {
      if (seen.has(name)) continue;
      seen.add(name);
      dependents.set(name, [...(dependents.get(name) ?? []), ...running]);
      const dependency = byName.get(name);
      if (dependency && !dependency.containers.some(isUp)) queue.push(...Object.keys(dependency.dependsOn));
    }
  }
  return dependents;
}

function addStarts(
  builder: PlanBuilder,
  services: readonly RememberedService[],
  wanted: (container: ObservedContainer) => boolean,
  cause: string,
): void {
  const byName = new Map(services.map((service) => [service.name, service]));
  for (const { name, dependsOn, containers } of services) {
    const after = Object.entries(dependsOn).flatMap(([dependency, { condition, required }]) => {
      const target = byName.get(dependency);
      if (!target) return [];
      const ids = target.containers.map(({ record }) => record.id);
      if (condition === "service_started" && required) return ids.map(startId);
      const action = { type: "wait-for", service: dependency, containers: ids, condition } as const;
      return [builder.add(action, `${name} depends on it`, ids.map(startId), !required)];
    });
    for (const { record } of containers.filter(wanted)) {
      const action = { type: "start-container", id: record.id, name: record.name } as const;
      builder.add(action, cause, [stopId(record.id), ...after]);
    }
  }
}

function addReadiness(builder: PlanBuilder, { name, containers }: RememberedService): void {
  const ids = containers.map(({ record }) => record.id);
  const action = { type: "wait-for", service: name, containers: ids, condition: "ready" } as const;
  builder.add(action, "the command waits for it", ids.map(startId));
}

function addRemoval(builder: PlanBuilder, { record }: ObservedContainer, cause: string): string {
  const action = { type: "remove-container", id: record.id, name: record.name } as const;
  return builder.add(action, cause, [stopId(record.id)]);
}

const byName = (left: readonly [string, unknown], right: readonly [string, unknown]) =>
  left[0] < right[0] ? -1 : 1;
