import { readFileSync } from "node:fs";

/** Field 22 of /proc/PID/stat: clock ticks since boot when the process started. */
export function processStartTime(pid: number): bigint {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return BigInt(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]!);
}

/** Whether the process is there and not a zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
