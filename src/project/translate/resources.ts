import type { BlkioConfig, BlkioRate, Service } from "../../compose/index.ts";
import type { BlockIoLimits, ContainerSettings, ResourceLimits } from "../../runtime/index.ts";

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
    cpuRealtimeRuntime: number(service.cpu_rt_runtime),
    cpuRealtimePeriod: number(service.cpu_rt_period),
    cpuset: service.cpuset,
    blockIo: service.blkio_config && blockIo(service.blkio_config),
    pids: service.pids_limit ?? limits?.pids,
  };
}

function blockIo(config: BlkioConfig): BlockIoLimits {
  const rates = (devices: readonly BlkioRate[] = []) =>
    devices.map(({ path, rate }) => ({ path, rate: Number(rate) }));
  return {
    weight: number(config.weight),
    weightDevices: config.weight_device ?? [],
    readBps: rates(config.device_read_bps),
    writeBps: rates(config.device_write_bps),
    readIops: rates(config.device_read_iops),
    writeIops: rates(config.device_write_iops),
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
