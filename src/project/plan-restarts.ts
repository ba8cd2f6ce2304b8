import { isUp, type ObservedContainer } from "./observed.ts";
import { stopId } from "./plan-builder.ts";
import { planDependencies, planStart, planStop } from "./plan-containers.ts";
import type { Planning } from "./planning.ts";

/** `restart: true`: dependents stop before the old container does, and start when the new one is ready. */
export function planRestartsOfDependents(planning: Planning): void {
  for (const { dependent, dependency } of planning.restarts) {
    for (const container of running(planning, dependent)) {
      restartContainer(planning, container, dependency);
      for (const replaced of running(planning, dependency)) {
        planning.builder.order(stopId(replaced.record.id), stopId(container.record.id));
      }
    }
  }
}

function restartContainer(planning: Planning, container: ObservedContainer, dependency: string): void {
  const { id, service: name } = container.record;
  if (planning.builder.has(stopId(id))) return;
  const service = planning.desired.services.find((candidate) => candidate.name === name)!;
  const cause = `${dependency} is replaced, and ${name} restarts with it`;
  planStop(planning, container, cause);
  planStart(planning, container, cause, [stopId(id), ...planDependencies(planning, service)]);
}

const running = (planning: Planning, service: string) =>
  (planning.containers.get(service) ?? []).filter(isUp);
