import type { WaitCondition } from "../../project/index.ts";
import type { HealthStatus, RestartPolicy } from "../../runtime/index.ts";

/** What there is to know of a container for deciding whether a condition holds. */
export type Snapshot = {
  readonly phase: "created" | "starting" | "running" | "restarting" | "exited" | "removed";
  /** Absent when it was killed together with its monitor. */
  readonly exitCode?: number;
  /** Absent without a health check. */
  readonly health?: HealthStatus;
  readonly restart: RestartPolicy["name"];
};

export type Verdict =
  | { readonly verdict: "holds" | "pending" }
  /** It will not come to hold without a further command. */
  | { readonly verdict: "fails"; readonly reason: string };

/** Whether the condition holds, may still come to hold, or cannot any more. */
export function judge(snapshot: Snapshot, condition: WaitCondition): Verdict {
  if (snapshot.phase === "removed") return fails("was removed");
  if (snapshot.phase === "created") return fails("was not started");
  if (snapshot.phase === "starting" || snapshot.phase === "restarting") return pending;
  return judges[condition](snapshot);
}

const holds: Verdict = { verdict: "holds" };
const pending: Verdict = { verdict: "pending" };
const fails = (reason: string): Verdict => ({ verdict: "fails", reason });

const judges: Record<WaitCondition, (snapshot: Snapshot) => Verdict> = {
  service_started: () => holds,
  service_healthy: (snapshot) => {
    if (snapshot.phase === "exited") return fails(exitWords(snapshot));
    if (snapshot.health === undefined) return fails("has no health check");
    return judgeHealth(snapshot.health);
  },
  service_completed_successfully: (snapshot) => {
    if (snapshot.phase === "running") return pending;
    return snapshot.exitCode === 0 ? holds : fails(exitWords(snapshot));
  },
  ready: (snapshot) => {
    // A one-shot that has done its work is as ready as it will ever be.
    if (snapshot.phase === "exited") return isDone(snapshot) ? holds : fails(exitWords(snapshot));
    return judges.lasting(snapshot);
  },
  lasting: (snapshot) => {
    if (snapshot.phase === "exited") return fails(exitWords(snapshot));
    return snapshot.health === undefined ? holds : judgeHealth(snapshot.health);
  },
};

function judgeHealth(health: HealthStatus): Verdict {
  if (health === "healthy") return holds;
  return health === "unhealthy" ? fails("is unhealthy") : pending;
}

const isDone = ({ exitCode, restart }: Snapshot) =>
  exitCode === 0 && (restart === "no" || restart === "on-failure");

const exitWords = ({ exitCode }: Snapshot) =>
  exitCode === undefined ? "was killed" : `exited (${exitCode})`;
