import type { Service } from "../../compose/index.ts";
import type { ContainerRecord, OciSpec } from "../../runtime/index.ts";

/** The `HostConfig` of `docker inspect`, as far as there is such a setting here. */
export function inspectedHost(
  record: ContainerRecord,
  { linux, root, process }: OciSpec,
  definition: Partial<Service>,
): object {
  return {
    Binds: record.mounts
      .filter(({ type }) => type === "bind" || type === "volume")
      .map(({ source, target, readOnly }) => `${source}:${target}:${readOnly ? "ro" : "rw"}`),
    LogConfig: {
      Type: record.logging.driver,
      Config: { "max-size": String(record.logging.maxSize), "max-file": String(record.logging.maxFiles) },
    },
    NetworkMode: definition.network_mode ?? record.networks[0]?.name ?? "none",
    PortBindings: portBindings(record),
    RestartPolicy: {
      Name: record.restart.name,
      MaximumRetryCount: record.restart.maximumRetryCount,
    },
    AutoRemove: false,
    ...askedFor(definition),
    ReadonlyRootfs: root.readonly,
    OomScoreAdj: process.oomScoreAdj ?? 0,
    ...limits(linux.resources),
    CgroupParent: record.cgroupParent ?? "",
    MaskedPaths: linux.maskedPaths,
    ReadonlyPaths: linux.readonlyPaths,
  };
}

/** What the service's definition says, where Docker has the same. */
function askedFor(definition: Partial<Service>): object {
  const { cap_add, cap_drop, dns, extra_hosts, group_add, security_opt, sysctls } = definition;
  const given = { CapAdd: cap_add, CapDrop: cap_drop, Dns: dns, ExtraHosts: extra_hosts };
  const more = { GroupAdd: group_add, SecurityOpt: security_opt, Sysctls: sysctls };
  const orNull = Object.entries({ ...given, ...more }).map(([key, value]) => [key, value ?? null]);
  return {
    ...Object.fromEntries(orNull),
    IpcMode: definition.ipc ?? "private",
    PidMode: definition.pid ?? "",
    UTSMode: definition.uts ?? "",
    Privileged: definition.privileged === true,
    Init: definition.init === true,
    Runtime: definition.runtime ?? "gantry",
  };
}

/** 0: unlimited. */
function limits({ memory, cpu, pids }: OciSpec["linux"]["resources"]): object {
  return {
    Memory: memory?.limit ?? 0,
    MemoryReservation: memory?.reservation ?? 0,
    MemorySwap: memory?.swap ?? 0,
    NanoCpus: nanoCpus(cpu),
    CpuShares: cpu?.shares ?? 0,
    CpuPeriod: cpu?.period ?? 0,
    CpuQuota: cpu?.quota ?? 0,
    CpusetCpus: cpu?.cpus ?? "",
    PidsLimit: pids?.limit ?? null,
  };
}

function nanoCpus(cpu: OciSpec["linux"]["resources"]["cpu"]): number {
  return cpu?.quota && cpu.period ? Math.round((cpu.quota / cpu.period) * 1e9) : 0;
}

/** As asked for: what a random port has become is in NetworkSettings. */
function portBindings({ ports }: ContainerRecord): Record<string, object[]> {
  const bindings: Record<string, object[]> = {};
  for (const { hostIp, hostPort, containerPort, protocol } of ports) {
    const key = `${containerPort}/${protocol}`;
    bindings[key] = [
      ...(bindings[key] ?? []),
      { HostIp: hostIp, HostPort: hostPort ? String(hostPort) : "" },
    ];
  }
  return bindings;
}
