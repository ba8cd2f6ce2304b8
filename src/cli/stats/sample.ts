import { totalmem } from "node:os";
import type { Roots } from "../../lib/paths.ts";
import type { ObservedContainer } from "../../project/index.ts";
import {
  ContainerCgroup,
  containerProcesses,
  type NetworkTraffic,
  networkTraffic,
  type ResourceUsage,
  readStatus,
} from "../../runtime/index.ts";

/** What one container had used at a moment; of one that does not run only which it is. */
export type Sample = {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** Milliseconds of a clock that only goes forward. */
  readonly time: number;
  readonly used?: {
    /** Nanoseconds of processor time. */
    readonly cpu: number;
    /** Bytes, without what the kernel would give up first. */
    readonly memory: number;
    readonly memoryLimit: number;
    readonly processes: number;
    readonly network: NetworkTraffic;
    /** Absent where nothing counts it. */
    readonly io: ResourceUsage["io"];
  };
};

/** USER_HZ, as the kernel counts processor time for programs. */
const TICK = 1e9 / 100;
const PAGE = 4096;

/** Reads the counters of one container. Where a user has no cgroup, what runs is added up instead. */
export function sampleOf(roots: Roots, { record, state, status }: ObservedContainer): Sample {
  const subject = { id: record.id, name: record.name, service: record.service, time: performance.now() };
  if (status !== "running" && status !== "paused") return subject;
  const usage = ContainerCgroup.of(record).usage;
  const counted = usage.cpu !== undefined && usage.memory !== undefined && usage.processes !== undefined;
  const processes = counted ? [] : containerProcesses(roots, record.id);
  const sum = (value: (one: (typeof processes)[number]) => number) =>
    processes.reduce((total, one) => total + value(one), 0);
  const { memory } = usage;
  const { process } = readStatus(roots, record.id, state, () => false);
  const traffic = process && hasOwnNetwork(record) ? networkTraffic(process.pid) : undefined;
  return {
    ...subject,
    used: {
      cpu: usage.cpu ?? sum(({ cpuTime }) => cpuTime) * TICK,
      memory: memory
        ? Math.max(0, memory.usage - memory.cache)
        : sum(({ residentPages }) => residentPages) * PAGE,
      memoryLimit: Math.min(memory?.limit ?? Number.POSITIVE_INFINITY, totalmem()),
      processes: usage.processes ?? processes.length,
      network: traffic ?? { received: 0, sent: 0 },
      io: usage.io,
    },
  };
}

/** The host's interfaces are not a container's, and count for none. */
const hasOwnNetwork = ({ networks, sharesNetworkWith }: ObservedContainer["record"]) =>
  networks.length > 0 || sharesNetworkWith !== undefined;
