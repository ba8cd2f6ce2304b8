import type { Port } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { PublishedPort } from "../../runtime/index.ts";

/** The ports a service publishes, as its containers record them. */
export function publishedPorts(service: string, ports: readonly Port[] = []): PublishedPort[] {
  return ports.map((port) => {
    if (port.protocol !== "tcp" && port.protocol !== "udp") throw unsupportedProtocol(service, port);
    const [first = "0", last = first] = (port.published ?? "").split("-");
    return {
      hostIp: port.host_ip ?? "",
      hostPort: Number(first),
      ...(last !== first && { lastHostPort: Number(last) }),
      containerPort: port.target,
      protocol: port.protocol as PublishedPort["protocol"],
    };
  });
}

function unsupportedProtocol(service: string, { target, protocol }: Port): GantryError {
  return new GantryError(
    "protocol-unsupported",
    `service ${service}: port ${target}: ${protocol} cannot be published`,
    {
      hint: "tcp and udp can",
    },
  );
}
