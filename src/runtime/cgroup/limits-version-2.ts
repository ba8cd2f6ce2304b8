import type { OciBlockIo, OciBlockRate, OciCpu, OciMemory, OciResources } from "../spec/oci-spec.ts";
import {
  type ImpossibleLimit,
  type LimitRow,
  type Limits,
  type LimitWrite,
  orMaximum,
  SWAP_NEEDS_MEMORY,
  writesOf,
} from "./limits.ts";

/** Limits in the files of version 2 (Documentation/admin-guide/cgroup-v2.rst). */
export function limitsForVersion2({ memory, cpu, pids, blockIO }: OciResources): Limits {
  return {
    writes: [
      ...writesOf([
        ["memory", "memory.max", orMaximum(memory?.limit), "memory limit"],
        ["memory", "memory.swap.max", swapOnly(memory), "swap limit"],
        ["memory", "memory.low", reservation(memory), "memory reservation"],
        ["cpu", "cpu.max", cpuMaximum(cpu), "processor limit"],
        [
          "cpu",
          "cpu.weight",
          cpu?.shares === undefined ? undefined : weightOf(cpu.shares),
          "processor shares",
        ],
        ["cpuset", "cpuset.cpus", cpu?.cpus, "processor set"],
        ["pids", "pids.max", orMaximum(pids?.limit), "process limit"],
        ...throttles(blockIO),
      ]),
      ...blockWeights(blockIO),
    ],
    impossible: impossible(memory, cpu),
  };
}

/** Less than nothing is none. */
const reservation = ({ reservation: bytes }: OciMemory = {}) =>
  bytes === undefined ? undefined : Math.max(0, bytes);

/** Version 2 limits swap by itself, the specification memory and swap together. */
function swapOnly({ limit, swap }: OciMemory = {}): number | string | undefined {
  if (limit === undefined || swap === undefined) return undefined;
  return swap < 0 ? "max" : Math.max(0, swap - limit);
}

function cpuMaximum({ quota, period }: OciCpu = {}): string | undefined {
  if (quota === undefined && period === undefined) return undefined;
  return `${quota === undefined || quota < 0 ? "max" : quota} ${period ?? 100_000}`;
}

/**
 * Shares (2 to 262144, default 1024) as a weight (1 to 10000, default 100), by the conversion that runc 1.3.2 and
 * crun 1.23 brought in: default becomes default and both ends stay ends. The older, linear one made 1024 a weight of
 * 39, so that a container with the default was worth less than one without.
 */
function weightOf(shares: number): number {
  if (shares <= 2) return 1;
  if (shares >= 262_144) return 10_000;
  const exponent = Math.log2(shares);
  return Math.ceil(10 ** ((exponent * exponent + 125 * exponent) / 612 - 7 / 34));
}

function throttles(blockIo: OciBlockIo | undefined): LimitRow[] {
  const rows = (key: string, devices: readonly OciBlockRate[] = []) =>
    devices.map(
      ({ major, minor, rate }): LimitRow => [
        "io",
        "io.max",
        `${major}:${minor} ${key}=${rate}`,
        "block device limit",
      ],
    );
  return [
    ...rows("rbps", blockIo?.throttleReadBpsDevice),
    ...rows("wbps", blockIo?.throttleWriteBpsDevice),
    ...rows("riops", blockIo?.throttleReadIOPSDevice),
    ...rows("wiops", blockIo?.throttleWriteIOPSDevice),
  ];
}

/** BFQ takes weights as they are (1 to 1000), the kernel's other model (io.cost) from 1 to 10000. */
function blockWeights(blockIo: OciBlockIo | undefined): LimitWrite[] {
  const write = (device: string, weight: number): LimitWrite => ({
    controller: "io",
    file: "io.bfq.weight",
    value: `${device} ${weight}`,
    limit: "block device weight",
    otherwise: {
      file: "io.weight",
      value: `${device} ${1 + Math.floor(((Math.max(weight, 10) - 10) * 9999) / 990)}`,
    },
  });
  return [
    ...(blockIo?.weight === undefined ? [] : [write("default", blockIo.weight)]),
    ...(blockIo?.weightDevice ?? []).map(({ major, minor, weight }) => write(`${major}:${minor}`, weight)),
  ];
}

function impossible(memory: OciMemory | undefined, cpu: OciCpu | undefined): ImpossibleLimit[] {
  const realtime = cpu?.realtimeRuntime !== undefined || cpu?.realtimePeriod !== undefined;
  return [
    ...(memory?.swappiness === undefined
      ? []
      : [
          {
            limit: "swappiness",
            reason: "cgroup v2 has no swappiness of a group; memswap_limit limits its swap",
          },
        ]),
    ...(memory?.disableOOMKiller
      ? [
          {
            limit: "OOM killer off",
            reason: "cgroup v2 cannot switch it off; oom_score_adj can protect a process",
          },
        ]
      : []),
    ...(memory?.swap !== undefined && memory.limit === undefined ? [SWAP_NEEDS_MEMORY] : []),
    ...(realtime
      ? [{ limit: "real-time limit", reason: "cgroup v2 does not divide real-time scheduling among groups" }]
      : []),
  ];
}
