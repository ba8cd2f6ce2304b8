import { type Decision, decideService, survivors } from "./decide.ts";
import type { DesiredNetwork, DesiredProject, DesiredService } from "./desired.ts";
import type { ObservedContainer, ObservedProject } from "./observed.ts";
import type { UpPlan } from "./plan.ts";
import { PlanBuilder } from "./plan-builder.ts";
import { planDependencies, planReadiness, planRemove, planService } from "./plan-containers.ts";
import { planNetworks, planVolumes, replacedNetworks } from "./plan-resources.ts";
import { planRestartsOfDependents } from "./plan-restarts.ts";
import { containersByService, type Planning, replacedServices } from "./planning.ts";
import { restartedWith } from "./restarted-with.ts";
import { selectServices } from "./select-services.ts";

export type UpOptions = {
  /** Empty: all. */
  readonly services: readonly string[];
  readonly noDeps: boolean;
  readonly recreate: "diverged" | "force" | "never";
  /** As by force, for what the named services depend on. */
  readonly recreateDependencies?: boolean;
  readonly removeOrphans: boolean;
  /** Make the networks and volumes that no service uses, too. */
  readonly allResources?: boolean;
  /** Seconds; absent: each container's own grace period. */
  readonly timeout?: number;
  readonly start: boolean;
  readonly wait: boolean;
  /** `wait`: what has ended is not ready. */
  readonly refuseOneShots?: boolean;
  /** Only prepare for a one-off container of this service: its networks, volumes, dependencies. */
  readonly oneOffOf?: string;
  /** Services of inactive profiles: theirs are no orphans. */
  readonly disabledServices: readonly string[];
  /** Between the words of a container's name; "-" when absent. */
  readonly nameSeparator?: string;
  readonly newId: () => string;
};

/**
 * The steps from what is observed to what is desired. Pure: the same arguments give the same plan, and nothing is
 * touched. Throws a GantryError when what is desired cannot be had at all.
 */
export function reconcile(desired: DesiredProject, observed: ObservedProject, options: UpOptions): UpPlan {
  const replaced = replacedNetworks(desired, observed, options);
  const planning = begin(desired, observed, options, replaced);
  planNetworks(planning, replaced);
  planVolumes(planning);
  for (const service of planning.scope) planService(planning, service);
  planRestartsOfDependents(planning);
  planOneOff(planning);
  for (const service of planning.scope) planReadiness(planning, service);
  for (const container of options.removeOrphans ? orphans(desired, observed, options.disabledServices) : []) {
    planRemove(planning, container, `service ${container.record.service} is not in the files any more`);
  }
  const decisions = [...planning.decisions.values()].flat();
  return {
    ...planning.builder.build(),
    containers: survivors(decisions),
    kept: decisions.flatMap((decision) => (decision.type === "keep" ? [decision.container.record.id] : [])),
  };
}

/** A one-off waits for what its service depends on, as the service's own containers would. */
function planOneOff(planning: Planning): void {
  const service = planning.scope.find(({ name }) => name === planning.options.oneOffOf);
  if (service) planDependencies(planning, service);
}

/** Containers of the project whose service is in no file any more. */
export function orphans(
  desired: DesiredProject,
  observed: ObservedProject,
  disabledServices: readonly string[],
): ObservedContainer[] {
  const known = new Set([...desired.services.map(({ name }) => name), ...disabledServices]);
  return observed.containers.filter(({ record }) => !record.oneOff && !known.has(record.service));
}

function begin(
  desired: DesiredProject,
  observed: ObservedProject,
  options: UpOptions,
  replaced: readonly DesiredNetwork[],
): Planning {
  const scope = selectServices(desired.services, options.services, options.noDeps);
  const containers = containersByService(observed);
  const replacedKeys = new Set(replaced.map((network) => network.key));
  const decisions = new Map(
    scope.map((service) => {
      const existing = containers.get(service.name) ?? [];
      return [service.name, decide(desired.name, service, existing, replacedKeys, options)];
    }),
  );
  return {
    desired,
    observed,
    options,
    scope,
    decisions,
    containers,
    networkNames: new Map(desired.networks.map(({ key, name }) => [key, name])),
    volumeNames: new Map(desired.volumes.map(({ key, name }) => [key, name])),
    restarts: options.start ? restartedWith(desired.services, replacedServices(decisions)) : [],
    builder: new PlanBuilder(),
  };
}

function decide(
  project: string,
  service: DesiredService,
  containers: readonly ObservedContainer[],
  replacedNetworks: ReadonlySet<string>,
  options: UpOptions,
): Decision[] {
  if (service.name === options.oneOffOf) return [];
  const named = options.services.length === 0 || options.services.includes(service.name);
  // A recreate by force is for the services that were named, not for what they depend on.
  const forDependencies = options.recreateDependencies ? "force" : "diverged";
  const recreate = options.recreate !== "never" && !named ? forDependencies : options.recreate;
  return decideService(service, containers, {
    namePrefix: [project, service.name, ""].join(options.nameSeparator ?? "-"),
    recreate,
    replacedNetworks,
    newId: options.newId,
  });
}
