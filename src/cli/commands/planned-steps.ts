import {
  type ObservedContainer,
  type ObservedProject,
  planRemove,
  planRestart,
  planStart,
  planStop,
  printPlan,
} from "../../project/index.ts";
import type { Methods } from "../../supervisor/index.ts";

/** The lifecycle methods that work on containers which exist. */
export type LifecycleMethod = "start" | "stop" | "restart" | "kill" | "pause" | "unpause" | "remove";

type Planners = {
  readonly [Name in LifecycleMethod]: (
    observed: ObservedProject,
    params: Methods[Name]["params"],
  ) => readonly string[];
};

const planners: Planners = {
  start: (observed, params) => printPlan(planStart(observed, params)),
  stop: (observed, params) => printPlan(planStop(observed, params)),
  restart: (observed, params) => printPlan(planRestart(observed, params)),
  remove: (observed, params) => printPlan(planRemove(observed, params)),
  kill: (observed, params) => eachUp(observed, params.services, `send ${params.signal} to container`),
  pause: (observed, { services }) => eachUp(observed, services, "pause container"),
  unpause: (observed, { services }) => eachUp(observed, services, "unpause container"),
};

/** What a lifecycle method would do, a line for each step: from what is on disk, since nothing is to be started for it. */
export function plannedSteps<Name extends LifecycleMethod>(
  containers: readonly ObservedContainer[],
  method: Name,
  params: Methods[Name]["params"],
): readonly string[] {
  return planners[method](
    { containers, networks: [], sharedNetworks: new Set(), volumes: new Set() },
    params,
  );
}

function eachUp({ containers }: ObservedProject, services: readonly string[], what: string): string[] {
  return containers
    .filter(({ record, status }) => {
      const isNamed = services.length === 0 || services.includes(record.service);
      return isNamed && !record.oneOff && (status === "running" || status === "paused");
    })
    .map(({ record }, index) => `${index + 1}. ${what} ${record.name}`);
}
