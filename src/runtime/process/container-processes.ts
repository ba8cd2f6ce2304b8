import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Roots } from "../../lib/paths.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import { ContainerCgroup } from "../cgroup/container-cgroup.ts";
import { readStatus } from "../store/container-status.ts";
import { readSpec } from "../store/container-store.ts";

/** A process inside a container, as seen from the host; times in clock ticks. */
export type ContainerProcess = {
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  readonly terminal: number;
  /** Since boot. */
  readonly startTime: number;
  readonly cpuTime: number;
  /** In memory; what several processes share counts for each. */
  readonly residentPages: number;
  readonly command: string;
};

/**
 * All processes in the pid namespace of a running container, or in its cgroup when it has none of its own; none when it
 * does not run.
 */
export function containerProcesses(roots: Roots, id: string): ContainerProcess[] {
  const state = { version: 1, desired: "running", restartCount: 0 } as const;
  const { process: first } = readStatus(roots, id, state, () => false);
  const namespace = first && pidNamespace(first.pid);
  if (namespace === undefined) return [];
  const pids = namespace === pidNamespace(process.pid) ? pidsInGroup(roots, id) : pidsIn(namespace);
  return pids.flatMap((pid) => readProcess(pid) ?? []).sort((one, other) => one.pid - other.pid);
}

const pidsIn = (namespace: string): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pidNamespace(pid) === namespace);

function pidsInGroup(roots: Roots, id: string): number[] {
  const [directory] = new ContainerCgroup(readSpec(roots, id).linux.cgroupsPath).directories;
  if (directory === undefined) return [];
  return (readIfPresent(join(directory, "cgroup.procs")) ?? "")
    .split("\n")
    .map(Number)
    .filter((pid) => pid > 0);
}

function pidNamespace(pid: number): string | undefined {
  return unlessGone(() => readlinkSync(`/proc/${pid}/ns/pid`));
}

/** Fields of proc_pid_stat(5); the name in field 2 may hold spaces and parentheses. */
function readProcess(pid: number): ContainerProcess | undefined {
  return unlessGone(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const argv = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    return {
      pid,
      parent: fields[1]!,
      uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
      terminal: fields[4]!,
      startTime: fields[19]!,
      cpuTime: fields[11]! + fields[12]!,
      residentPages: fields[21]!,
      command: argv || `[${stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"))}]`,
    };
  });
}

function unlessGone<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES") return undefined;
    throw error;
  }
}
