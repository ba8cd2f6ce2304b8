import type { Service } from "../../compose/index.ts";
import type { DeviceRequest, DeviceSetting } from "../../runtime/index.ts";

/** Devices of a service, with Docker's permissions where none are given. */
export function devices(service: Service): DeviceSetting[] {
  return (service.devices ?? []).map(({ source, target, permissions }) => ({
    source,
    target,
    permissions: permissions ?? "rwm",
  }));
}

/** Devices asked for by what they can do: `gpus`, and reservations of `deploy`. */
export function deviceRequests({ gpus = [], deploy }: Service): DeviceRequest[] {
  const reserved = deploy?.resources?.reservations?.devices ?? [];
  return [...gpus.map((gpu) => ({ ...gpu, capabilities: ["gpu"] })), ...reserved].map((request) => ({
    driver: request.driver ?? "",
    // Others say in which ways a GPU is used (compute, utility), which CDI files do not tell apart.
    capabilities: request.capabilities?.includes("gpu") ? ["gpu"] : (request.capabilities ?? []),
    count: request.count ?? (request.device_ids ? 0 : -1),
    deviceIds: request.device_ids ?? [],
  }));
}
