import type { DesiredProject, DesiredService } from "../../src/project/desired.ts";
import type { ObservedContainer, ObservedProject } from "../../src/project/observed.ts";
import type { ContainerRecord } from "../../src/runtime/index.ts";

/** A desired service "name" with defaults, changed by `changes`. */
export function service(name: string, changes: Partial<DesiredService> = {}): DesiredService {
  return {
    name,
    scale: 1,
    networks: ["default"],
    volumes: [],
    volumesFrom: [],
    dependsOn: {},
    configHash: `${name}-1`,
    configFields: { environment: "1" },
    ...changes,
  };
}

/** A desired project "shop" on one network. */
export function desired(...services: DesiredService[]): DesiredProject {
  return {
    name: "shop",
    services,
    networks: [{ key: "default", name: "shop_default", configHash: "net-1", external: false }],
    volumes: [{ key: "data", name: "shop_data", external: false }],
  };
}

/** A container that runs what `service(name)` asks for. */
export function container(
  name: string,
  number = 1,
  changes: Partial<Omit<ObservedContainer, "record">> & { record?: Partial<ContainerRecord> } = {},
): ObservedContainer {
  const { record, ...rest } = changes;
  return {
    status: "running",
    state: { version: 1, desired: "running", restartCount: 0, startedAt: 1 },
    ...rest,
    record: {
      version: 1,
      id: `${name}${number}`,
      name: `shop-${name}-${number}`,
      project: "shop",
      service: name,
      number,
      oneOff: false,
      created: 1,
      image: { id: "sha256:1", reference: "busybox", layerDirectories: [] },
      labels: {},
      configHash: `${name}-1`,
      configFields: { environment: "1" },
      command: ["true"],
      restart: { name: "no", maximumRetryCount: 0 },
      stopSignal: 15,
      stopGracePeriod: 10_000,
      tty: false,
      stdinOpen: false,
      networks: [
        {
          name: "shop_default",
          aliases: [name],
          addresses: ["10.0.0.2"],
          macAddress: "02:00:00:00:00:02",
          interfaceName: "eth0",
        },
      ],
      ports: [],
      mounts: [],
      logging: { driver: "json-file", maxSize: 0, maxFiles: 1 },
      ...record,
    },
  };
}

/** A project with these containers, its network and no volume. */
export function observed(...containers: ObservedContainer[]): ObservedProject {
  const networks = [{ key: "default", name: "shop_default", configHash: "net-1" }];
  return { containers, networks, sharedNetworks: new Set(), volumes: new Set() };
}

export const nothing: ObservedProject = {
  containers: [],
  networks: [],
  sharedNetworks: new Set(),
  volumes: new Set(),
};
