import type { OciResources } from "../spec/oci-spec.ts";

/** One value to be written to a control file; `limit` names it to the user. */
export type LimitWrite = {
  readonly controller: string;
  readonly file: string;
  readonly value: string;
  readonly limit: string;
};

/** Limits in the files of version 1, in the order the kernel demands: memory before memory with swap. */
export function limitsForVersion1({ memory, cpu, pids }: OciResources): LimitWrite[] {
  return present([
    ["memory", "memory.limit_in_bytes", memory?.limit, "memory limit"],
    ["memory", "memory.memsw.limit_in_bytes", memory?.swap, "swap limit"],
    ["memory", "memory.soft_limit_in_bytes", memory?.reservation, "memory reservation"],
    ["memory", "memory.swappiness", memory?.swappiness, "swappiness"],
    ["memory", "memory.oom_control", memory?.disableOOMKiller ? 1 : undefined, "OOM killer off"],
    ["cpu", "cpu.cfs_period_us", cpu?.period, "processor limit"],
    ["cpu", "cpu.cfs_quota_us", cpu?.quota, "processor limit"],
    ["cpu", "cpu.shares", cpu?.shares, "processor shares"],
    ["cpuset", "cpuset.cpus", cpu?.cpus, "processor set"],
    ["cpuset", "cpuset.mems", cpu?.mems, "memory nodes"],
    ["pids", "pids.max", pids?.limit, "process limit"],
  ]);
}

/** Limits in the files of version 2. What it has no file for (swappiness, OOM killer off) is left out. */
export function limitsForVersion2({ memory, cpu, pids }: OciResources): LimitWrite[] {
  const quota =
    cpu?.quota === undefined ? undefined : `${cpu.quota < 0 ? "max" : cpu.quota} ${cpu.period ?? 100_000}`;
  return present([
    ["memory", "memory.max", memory?.limit, "memory limit"],
    ["memory", "memory.swap.max", swapOnly(memory?.limit, memory?.swap), "swap limit"],
    ["memory", "memory.low", memory?.reservation, "memory reservation"],
    ["cpu", "cpu.max", quota, "processor limit"],
    ["cpu", "cpu.weight", cpu?.shares === undefined ? undefined : weightOf(cpu.shares), "processor shares"],
    ["cpuset", "cpuset.cpus", cpu?.cpus, "processor set"],
    ["cpuset", "cpuset.mems", cpu?.mems, "memory nodes"],
    ["pids", "pids.max", pids?.limit, "process limit"],
  ]);
}

/** Version 2 limits swap by itself, the specification memory and swap together. */
function swapOnly(limit: number | undefined, swap: number | undefined): number | string | undefined {
  if (swap === undefined) return undefined;
  if (swap < 0) return "max";
  return limit === undefined ? undefined : Math.max(0, swap - limit);
}

/** Shares go from 2 to 262144, weights from 1 to 10000: the runtime-spec's linear conversion. */
function weightOf(shares: number): number {
  return 1 + Math.floor(((Math.min(Math.max(shares, 2), 262_144) - 2) * 9999) / 262_142);
}

function present(
  rows: readonly (readonly [string, string, number | string | undefined, string])[],
): LimitWrite[] {
  return rows.flatMap(([controller, file, value, limit]) =>
    value === undefined ? [] : [{ controller, file, value: String(value), limit }],
  );
}
