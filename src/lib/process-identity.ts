import { readFileSync } from "node:fs";

/** A process, told apart from a later one with the same pid by its start time (clock ticks since boot). */
export type ProcessIdentity = { readonly pid: number; readonly startTime: number };

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const startTime = readStartTime(process.pid);
  if (startTime === undefined)
    throw new Error("/proc is not mounted: this process does not find itself there");
  return { pid: process.pid, startTime };
}

/** Whether exactly that process still lives. A zombie no longer owns anything and counts as dead. */
export function isAlive(identity: ProcessIdentity): boolean {
  return readStartTime(identity.pid) === identity.startTime;
}

/** Start time of the process with this pid (proc_pid_stat(5), field 22), undefined when there is none. */
export function readStartTime(pid: number): number | undefined {
  const stat = readStat(pid);
  if (stat === undefined) return undefined;
  // The name in field 2 may hold spaces and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], Number(fields[19])];
  return state === "Z" || state === "X" ? undefined : startTime;
}

function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
