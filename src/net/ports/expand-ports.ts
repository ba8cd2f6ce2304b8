import { GantryError } from "../../lib/diagnostic.ts";
import { parseAddress } from "../address/cidr.ts";
import type { PortRequest } from "../contract.ts";

/** The part of the Compose model's port that is read here. */
export type PortDefinition = {
  readonly host_ip?: string;
  readonly target: number;
  readonly published?: string;
  readonly protocol: string;
};

/** What a service's `ports` ask for, checked. `published` is a port, a range to choose from, or absent: any port. */
export function expandPorts(service: string, ports: readonly PortDefinition[]): PortRequest[] {
  return ports.map((port) => {
    const [firstHostPort, lastHostPort] = hostPorts(service, port);
    return {
      hostIp: hostAddress(service, port),
      firstHostPort,
      lastHostPort,
      containerPort: checkedPort(service, port, port.target),
      protocol: protocolOf(service, port),
    };
  });
}

function hostPorts(service: string, port: PortDefinition): [number, number] {
  if (!port.published) return [0, 0];
  const match = /^(\d+)(?:-(\d+))?$/.exec(port.published);
  if (!match) throw invalidPort(service, port, `published ${port.published} is neither a port nor a range`);
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (first === 0 && last === 0) return [0, 0];
  if (first > last) throw invalidPort(service, port, `the range ${port.published} ends before it begins`);
  return [checkedPort(service, port, first), checkedPort(service, port, last)];
}

function hostAddress(service: string, { host_ip, ...port }: PortDefinition): string {
  const address = host_ip?.replace(/^\[(.*)\]$/, "$1") ?? "";
  if (address !== "" && !parseAddress(address))
    throw invalidPort(service, port, `host_ip ${host_ip} is not an address`);
  return address;
}

function checkedPort(service: string, port: PortDefinition, number: number): number {
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw invalidPort(service, port, `${number} is not a port number`);
}

function protocolOf(service: string, port: PortDefinition): "tcp" | "udp" {
  if (port.protocol === "tcp" || port.protocol === "udp") return port.protocol;
  throw invalidPort(service, port, `protocol ${port.protocol} cannot be published; tcp and udp can`);
}

function invalidPort(service: string, port: PortDefinition, what: string): GantryError {
  return new GantryError("port-invalid", `service ${service}, port ${port.target}: ${what}`);
}
