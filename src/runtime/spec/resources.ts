import type { ResourceLimits } from "../settings.ts";
import { buildBlockIo } from "./block-io.ts";
import type { OciDeviceRule, OciResources } from "./oci-spec.ts";

const CPU_PERIOD = 100_000;

/** Limits in the specification's terms: processors become quota per period, swap follows Docker's default. */
export function buildResources(limits: ResourceLimits, devices: readonly OciDeviceRule[]): OciResources {
  return {
    devices,
    memory: present({
      limit: limits.memory,
      reservation: limits.memoryReservation,
      swap: limits.memorySwap ?? (limits.memory === undefined ? undefined : 2 * limits.memory),
      swappiness: limits.memorySwappiness,
      disableOOMKiller: limits.oomKillDisable || undefined,
    }),
    cpu: present({
      shares: limits.cpuShares,
      ...quota(limits),
      realtimeRuntime: limits.cpuRealtimeRuntime,
      realtimePeriod: limits.cpuRealtimePeriod,
      cpus: limits.cpuset,
    }),
    ...(limits.blockIo === undefined ? {} : { blockIO: buildBlockIo(limits.blockIo) }),
    ...(limits.pids === undefined || limits.pids <= 0 ? {} : { pids: { limit: limits.pids } }),
  };
}

function quota(limits: ResourceLimits): { quota?: number; period?: number } {
  if (limits.cpus) return { quota: Math.round(limits.cpus * CPU_PERIOD), period: CPU_PERIOD };
  if (limits.cpuQuota) return { quota: limits.cpuQuota, period: limits.cpuPeriod ?? CPU_PERIOD };
  return limits.cpuPeriod ? { period: limits.cpuPeriod } : {};
}

/** Leaves out what is not set, and the whole when nothing is. */
function present<T extends object>(values: T): T | undefined {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : (Object.fromEntries(set) as T);
}
