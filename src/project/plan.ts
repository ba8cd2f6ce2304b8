import type { DependsOnCondition } from "../compose/index.ts";

/** What one step does. Containers are named by id: that of a container to be created is chosen by the planner. */
export type Action =
  | {
      readonly type: "create-network" | "remove-network";
      readonly network: string;
      readonly name: string;
      /** It is there already, and is joined or left. */
      readonly external?: boolean;
    }
  | { readonly type: "create-volume"; readonly volume: string; readonly name: string }
  | { readonly type: "remove-volume"; readonly name: string }
  | {
      readonly type: "create-container";
      readonly id: string;
      readonly name: string;
      readonly service: string;
      readonly number: number;
      /** The container whose place it takes: addresses and anonymous volumes go over to it. */
      readonly replaces?: string;
      /** Keys of the definition in which they differ, when that is the reason. */
      readonly changed?: readonly string[];
    }
  | {
      /** Other limits, or another restart policy, for a container that stays. */
      readonly type: "update-container";
      readonly id: string;
      readonly name: string;
      readonly service: string;
      readonly changed: readonly string[];
    }
  | { readonly type: "start-container"; readonly id: string; readonly name: string }
  | {
      readonly type: "stop-container";
      readonly id: string;
      readonly name: string;
      /** Seconds; absent: the container's own grace period. */
      readonly timeout?: number;
    }
  | { readonly type: "remove-container"; readonly id: string; readonly name: string }
  | {
      readonly type: "wait-for";
      readonly service: string;
      readonly containers: readonly string[];
      readonly condition: WaitCondition;
    };

/**
 * "ready" is what `--wait` waits for: running, healthy where there is a health check, or done (one-shots); "lasting" is
 * the same without the one-shots.
 */
export type WaitCondition = DependsOnCondition | "ready" | "lasting";

/** One atom of a plan. It begins when everything in `after` has succeeded. */
export type Step = {
  readonly id: string;
  readonly after: readonly string[];
  /** Why the step is there, for people: printed, kept in the journal. */
  readonly cause: string;
  readonly action: Action;
  /** Its failure is a warning, and what comes after goes on (`required: false`). */
  readonly optional?: boolean;
};

/** Steps in an order in which they could be done one by one. */
export type Plan = { readonly steps: readonly Step[] };

/** The plan of `up`, with what becomes of the containers it is about. */
export type UpPlan = Plan & {
  /** Ids of the containers that are to be up when it has been done. */
  readonly containers: readonly string[];
  /** Ids of those that are up already and stay untouched. */
  readonly kept: readonly string[];
};

/** One line per step: number, what, the numbers it comes after, why. */
export function printPlan(plan: Plan): string[] {
  const numbers = new Map(plan.steps.map((step, index) => [step.id, index + 1]));
  return plan.steps.map((step) => {
    const after = step.after
      .map((id) => numbers.get(id)!)
      .sort((left, right) => left - right)
      .join(", ");
    return `${numbers.get(step.id)}. ${describeAction(step.action)}${after && ` [after ${after}]`}: ${step.cause}`;
  });
}

/** The step in a few words, as in "start container shop-web-1". */
export function describeAction(action: Action): string {
  if ("external" in action && action.external)
    return `${action.type === "create-network" ? "join" : "leave"} network ${action.name}`;
  if (action.type === "wait-for") return `wait for ${action.service} (${conditionWords[action.condition]})`;
  return `${action.type.replace("-", " ")} ${action.name}`;
}

const conditionWords: Record<WaitCondition, string> = {
  service_started: "started",
  service_healthy: "healthy",
  service_completed_successfully: "completed successfully",
  ready: "ready",
  lasting: "running or healthy",
};
