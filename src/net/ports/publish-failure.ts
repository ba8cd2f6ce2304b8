import { GantryError } from "../../lib/diagnostic.ts";
import type { PortRequest } from "../contract.ts";
import type { HelperFailure } from "../helper/helper-failure.ts";
import type { PublishTarget } from "./publish-ports.ts";

/** Says why a port could not be bound, and what to do. */
export function publishFailure(
  failure: HelperFailure,
  target: PublishTarget,
  request: PortRequest,
  hostPort: number,
): GantryError {
  const place = describePlace(request, hostPort);
  const attempted = `cannot publish port ${request.containerPort} of ${target.name} on ${place}`;
  switch (failure.errno) {
    case "EADDRINUSE": {
      const holder = target.findHolder(request.protocol, request.hostIp, hostPort);
      return new GantryError("port-in-use", `${attempted}: it is in use by ${holder ?? "another process"}`, {
        hint: "stop that process, or publish another port",
        cause: failure,
      });
    }
    case "EACCES":
      return new GantryError("port-privileged", `${attempted}: ports below 1024 need privileges`, {
        hint: "publish a port from 1024 up, or lower the limit: sysctl net.ipv4.ip_unprivileged_port_start",
        cause: failure,
      });
    case "EADDRNOTAVAIL":
      return new GantryError("port-address", `${attempted}: the host has no address ${request.hostIp}`, {
        hint: "`ip address` lists the host's addresses",
        cause: failure,
      });
    default:
      return new GantryError("port-publish", `${attempted}: ${failure.message}`, { cause: failure });
  }
}

function describePlace(
  { hostIp, firstHostPort, lastHostPort, protocol }: PortRequest,
  hostPort: number,
): string {
  const port =
    firstHostPort === lastHostPort ? String(hostPort || "any") : `${firstHostPort}-${lastHostPort}`;
  const address = hostIp.includes(":") ? `[${hostIp}]` : hostIp || "0.0.0.0";
  return `${address}:${port}/${protocol}`;
}
