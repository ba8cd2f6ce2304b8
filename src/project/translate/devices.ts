import type { Service } from "../../compose/index.ts";
import type { DeviceSetting } from "../../runtime/index.ts";

/** Devices of a service, with Docker's permissions where none are given. */
export function devices(service: Service): DeviceSetting[] {
  return (service.devices ?? []).map(({ source, target, permissions }) => ({
    source,
    target,
    permissions: permissions ?? "rwm",
  }));
}
