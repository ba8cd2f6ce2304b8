import type { ObservedContainer } from "../../project/index.ts";

/** Docker's time of what has not happened. */
const NEVER = "0001-01-01T00:00:00Z";

export const dockerTime = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? NEVER : new Date(milliseconds).toISOString();

/** The `State` of `docker inspect`. */
export function inspectedState(container: ObservedContainer, pid: number): object {
  const { status, state, exit } = container;
  const isUp = status === "running" || status === "paused";
  return {
    Status: status,
    Running: isUp || status === "restarting",
    Paused: status === "paused",
    Restarting: status === "restarting",
    OOMKilled: !isUp && exit?.oom === true,
    Dead: status === "dead",
    Pid: isUp ? pid : 0,
    ExitCode: isUp ? 0 : (exit?.code ?? (status === "dead" ? 137 : 0)),
    Error: "",
    StartedAt: dockerTime(state.startedAt),
    FinishedAt: dockerTime(exit?.finished),
    ...healthOf(container),
  };
}

function healthOf({ state: { health }, record }: ObservedContainer): object {
  if (!record.healthcheck) return {};
  return {
    Health: {
      Status: health?.status ?? "starting",
      FailingStreak: health?.failingStreak ?? 0,
      Log: (health?.log ?? []).map(({ started, finished, exitCode, output }) => ({
        Start: dockerTime(started),
        End: dockerTime(finished),
        ExitCode: exitCode,
        Output: output,
      })),
    },
  };
}
