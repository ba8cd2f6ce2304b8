import type { RestartPolicy } from "../../runtime/index.ts";

const FIRST_DELAY = 100;
const LONGEST_DELAY = 60_000;
/** A container that ran this long starts again with the first delay. */
const RAN_WELL = 10_000;

/** What is remembered between the restarts of one container. */
export type RestartMemory = { readonly count: number; readonly delay: number };

export const noRestarts: RestartMemory = { count: 0, delay: 0 };

export type Ending = {
  readonly code: number;
  /** Milliseconds it ran. */
  readonly ranFor: number;
  /** It was stopped or killed by a command, and is to stay down. */
  readonly byHand: boolean;
};

export type RestartDecision =
  | { readonly restart: false; readonly cause: string }
  | { readonly restart: true; readonly memory: RestartMemory; readonly cause: string };

/** Whether a container that ended is started again, and after how many milliseconds (`memory.delay`). */
export function decideRestart(policy: RestartPolicy, memory: RestartMemory, ending: Ending): RestartDecision {
  if (ending.byHand) return { restart: false, cause: "it was stopped by a command" };
  if (policy.name === "no") return { restart: false, cause: "restart policy no" };
  if (policy.name === "on-failure") {
    if (ending.code === 0) return { restart: false, cause: "restart policy on-failure, and it succeeded" };
    const limit = policy.maximumRetryCount;
    if (limit > 0 && memory.count >= limit) {
      return {
        restart: false,
        cause: `restart policy on-failure:${limit}, and it failed ${limit + 1} times`,
      };
    }
  }
  const fresh = ending.ranFor >= RAN_WELL || memory.delay === 0;
  const delay = fresh ? FIRST_DELAY : Math.min(memory.delay * 2, LONGEST_DELAY);
  return {
    restart: true,
    memory: { count: memory.count + 1, delay },
    cause: `restart policy ${policy.name}`,
  };
}
