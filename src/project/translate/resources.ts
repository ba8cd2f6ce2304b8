import type { Service } from "../../compose/index.ts";
import type { ContainerSettings, ResourceLimits } from "../../runtime/index.ts";

/** Limits of a service; `deploy.resources.limits` says the same as the older keys, which win. */
export function resourceLimits(service: Service): ResourceLimits {
  const limits = service.deploy?.resources?.limits;
  const reservations = service.deploy?.resources?.reservations;
  return {
    memory: bytes(service.mem_limit ?? limits?.memory),
    memoryReservation: bytes(service.mem_reservation ?? reservations?.memory),
    memorySwap: bytes(service.memswap_limit),
    memorySwappiness: bytes(service.mem_swappiness),
    oomKillDisable: service.oom_kill_disable,
    cpus: number(service.cpus ?? limits?.cpus),
    cpuQuota: number(service.cpu_quota),
    cpuPeriod: number(service.cpu_period),
    cpuShares: service.cpu_shares,
    cpuset: service.cpuset,
    pids: service.pids_limit ?? limits?.pids,
  };
}

/** ulimits with both values: a single number is soft and hard. */
export function ulimits(service: Service): ContainerSettings["ulimits"] {
  return Object.fromEntries(
    Object.entries(service.ulimits ?? {}).map(([name, limit]) => [
      name,
      typeof limit === "number" ? { soft: limit, hard: limit } : limit,
    ]),
  );
}

/** A size of the model: decimal bytes. Zero means no limit. */
export function bytes(text: string | undefined): number | undefined {
  return number(text);
}

function number(value: string | number | undefined): number | undefined {
  if (value === undefined || Number(value) === 0) return undefined;
  return Number.parseFloat(String(value));
}
