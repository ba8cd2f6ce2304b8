import type { PortRequest } from "../../net/index.ts";
import type { PublishedPort } from "../../runtime/index.ts";

/** Ports to publish as a container's record keeps them. */
export function recordPorts(requests: readonly PortRequest[]): PublishedPort[] {
  return requests.map(({ firstHostPort, lastHostPort, ...port }) => ({
    ...port,
    hostPort: firstHostPort,
    ...(lastHostPort !== firstHostPort && { lastHostPort }),
  }));
}

/** What a container's record asks to publish. */
export function portRequests(ports: readonly PublishedPort[]): PortRequest[] {
  return ports.map(({ hostPort, lastHostPort, ...port }) => ({
    ...port,
    firstHostPort: hostPort,
    lastHostPort: lastHostPort ?? hostPort,
  }));
}
