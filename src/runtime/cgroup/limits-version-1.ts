import type { OciBlockIo, OciBlockRate, OciResources } from "../spec/oci-spec.ts";
import {
  type LimitRow,
  type Limits,
  type LimitWrite,
  orMaximum,
  SWAP_NEEDS_MEMORY,
  writesOf,
} from "./limits.ts";

/** Limits in the files of version 1, in the order the kernel demands: memory before memory with swap. */
export function limitsForVersion1({ memory, cpu, pids, blockIO }: OciResources): Limits {
  const swapAlone = memory?.swap !== undefined && memory.limit === undefined;
  return {
    writes: [
      ...writesOf([
        ["memory", "memory.limit_in_bytes", memory?.limit, "memory limit"],
        ["memory", "memory.memsw.limit_in_bytes", swapAlone ? undefined : memory?.swap, "swap limit"],
        ["memory", "memory.soft_limit_in_bytes", memory?.reservation, "memory reservation"],
        ["memory", "memory.swappiness", memory?.swappiness, "swappiness"],
        ["memory", "memory.oom_control", memory?.disableOOMKiller ? 1 : undefined, "OOM killer off"],
        ["cpu", "cpu.cfs_period_us", cpu?.period, "processor limit"],
        ["cpu", "cpu.cfs_quota_us", cpu?.quota, "processor limit"],
        ["cpu", "cpu.shares", cpu?.shares, "processor shares"],
        ["cpu", "cpu.rt_period_us", cpu?.realtimePeriod, "real-time limit"],
        ["cpu", "cpu.rt_runtime_us", cpu?.realtimeRuntime, "real-time limit"],
        ["cpuset", "cpuset.cpus", cpu?.cpus, "processor set"],
        ["pids", "pids.max", orMaximum(pids?.limit), "process limit"],
        ...throttles(blockIO),
      ]),
      ...weights(blockIO),
    ],
    impossible: swapAlone ? [SWAP_NEEDS_MEMORY] : [],
  };
}

function throttles(blockIo: OciBlockIo | undefined): LimitRow[] {
  const rows = (file: string, devices: readonly OciBlockRate[] = []) =>
    devices.map(
      ({ major, minor, rate }): LimitRow => [
        "blkio",
        `blkio.throttle.${file}_device`,
        `${major}:${minor} ${rate}`,
        "block device limit",
      ],
    );
  return [
    ...rows("read_bps", blockIo?.throttleReadBpsDevice),
    ...rows("write_bps", blockIo?.throttleWriteBpsDevice),
    ...rows("read_iops", blockIo?.throttleReadIOPSDevice),
    ...rows("write_iops", blockIo?.throttleWriteIOPSDevice),
  ];
}

/** Weights are the business of the I/O scheduler BFQ; blkio.weight was CFQ's, which left with Linux 5.0. */
function weights(blockIo: OciBlockIo | undefined): LimitWrite[] {
  const write = (name: string, value: string): LimitWrite => ({
    controller: "blkio",
    file: `blkio.bfq.${name}`,
    value,
    limit: "block device weight",
    otherwise: { file: `blkio.${name}`, value },
  });
  return [
    ...(blockIo?.weight === undefined ? [] : [write("weight", String(blockIo.weight))]),
    ...(blockIo?.weightDevice ?? []).map(({ major, minor, weight }) =>
      write("weight_device", `${major}:${minor} ${weight}`),
    ),
  ];
}
