import { join } from "node:path";
import { containerDirectory, containerRunDirectory, type Roots } from "../../lib/paths.ts";
import { isAlive } from "../../lib/process-identity.ts";
import { readStatusFile } from "../../lib/status-file.ts";
import type { ContainerState, ContainerStatus, ExitRecord } from "../contract.ts";

export type DerivedStatus = {
  readonly status: ContainerStatus;
  /** Of process 1, while it runs. */
  readonly process?: { readonly pid: number; readonly startTime: number; readonly startedAt: number };
  /** Of the last run. */
  readonly exit?: ExitRecord;
};

const MILLISECOND = 1_000_000;

/** What a container does now, derived from the monitor's files and the processes there are (docs/on-disk.md). */
export function readStatus(
  roots: Roots,
  id: string,
  state: ContainerState,
  isFrozen: () => boolean,
): DerivedStatus {
  const run = readStatusFile(join(containerRunDirectory(roots, id), "monitor"));
  const exit = readExit(roots, id);
  const startedAt = run ? Math.floor(run["started"]! / MILLISECOND) : state.startedAt;
  const hasEnded = exit !== undefined && exit.started >= (startedAt ?? 0);
  // A monitor that has written the exit record is on its way out, too.
  if (run && !hasEnded && isAlive({ pid: run["monitor_pid"]!, startTime: run["monitor_start_time"]! })) {
    const process = { pid: run["pid"]!, startTime: run["start_time"]!, startedAt: startedAt! };
    return { status: isFrozen() ? "paused" : "running", process };
  }
  if (startedAt === undefined && !exit) return { status: "created" };
  if (state.restartingUntil !== undefined) return { status: "restarting", exit };
  return hasEnded ? { status: "exited", exit } : { status: "dead" };
}

/** The exit record the monitor left, if any. */
export function readExit(roots: Roots, id: string): ExitRecord | undefined {
  const exit = readStatusFile(join(containerDirectory(roots, id), "exit"));
  return (
    exit && {
      code: exit["code"]!,
      signal: exit["signal"]!,
      oom: exit["oom"] === 1,
      started: Math.floor(exit["started"]! / MILLISECOND),
      finished: Math.floor(exit["finished"]! / MILLISECOND),
    }
  );
}
