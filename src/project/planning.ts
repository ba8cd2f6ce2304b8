import type { Decision } from "./decide.ts";
import type { DesiredProject, DesiredService } from "./desired.ts";
import { isUp, type ObservedContainer, type ObservedProject } from "./observed.ts";
import type { PlanBuilder } from "./plan-builder.ts";
import type { UpOptions } from "./reconcile.ts";

/** What the parts of one `reconcile` share; looked up rather than searched, so that a plan costs linear time. */
export type Planning = {
  readonly desired: DesiredProject;
  readonly observed: ObservedProject;
  readonly options: UpOptions;
  readonly scope: readonly DesiredService[];
  readonly decisions: ReadonlyMap<string, readonly Decision[]>;
  /** Containers of services, without one-offs. */
  readonly containers: ReadonlyMap<string, readonly ObservedContainer[]>;
  readonly networkNames: ReadonlyMap<string, string>;
  readonly volumeNames: ReadonlyMap<string, string>;
  /** Pairs of services: the dependent restarts because the dependency is replaced. */
  readonly restarts: readonly { readonly dependent: string; readonly dependency: string }[];
  readonly builder: PlanBuilder;
};

/** Groups the containers of services by service name. */
export function containersByService(observed: ObservedProject): Map<string, ObservedContainer[]> {
  const groups = new Map<string, ObservedContainer[]>();
  for (const container of observed.containers) {
    const { service, oneOff } = container.record;
    if (oneOff) continue;
    const group = groups.get(service);
    if (group) group.push(container);
    else groups.set(service, [container]);
  }
  return groups;
}

/** Services of which a running container is about to be replaced. */
export function replacedServices(decisions: ReadonlyMap<string, readonly Decision[]>): string[] {
  return [...decisions].flatMap(([service, list]) =>
    list.some((decision) => decision.type === "recreate" && isUp(decision.container)) ? [service] : [],
  );
}
