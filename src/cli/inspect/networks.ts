import type { ObservedContainer, OwnedNetwork } from "../../project/index.ts";
import { portsOf } from "../containers/port-text.ts";

/** The `NetworkSettings` of `docker inspect`. */
export function inspectedNetworks(container: ObservedContainer, networks: readonly OwnedNetwork[]): object {
  const { record } = container;
  const entries = record.networks.map((endpoint) => {
    const network = networks.find(({ name }) => name === endpoint.name);
    return [endpoint.name, inspectedEndpoint(endpoint, network, record)] as const;
  });
  return { Ports: inspectedPorts(container), Networks: Object.fromEntries(entries) };
}

type Endpoint = ObservedContainer["record"]["networks"][number];

function inspectedEndpoint(
  { addresses, aliases, macAddress, gatewayPriority }: Endpoint,
  network: OwnedNetwork | undefined,
  { name, id }: ObservedContainer["record"],
): object {
  const isIpv6 = (address: string) => address.includes(":");
  const sides = network ? [network, ...(network.ipv6 ? [network.ipv6] : [])] : [];
  const four = sides.find(({ subnet }) => !isIpv6(subnet));
  const six = sides.find(({ subnet }) => isIpv6(subnet));
  const prefix = (subnet: string | undefined) => Number(subnet?.split("/")[1] ?? 0);
  return {
    Aliases: aliases,
    MacAddress: macAddress,
    GwPriority: gatewayPriority ?? 0,
    Gateway: four?.gateway ?? "",
    IPAddress: addresses.find((address) => !isIpv6(address)) ?? "",
    IPPrefixLen: prefix(four?.subnet),
    IPv6Gateway: six?.gateway ?? "",
    GlobalIPv6Address: addresses.find(isIpv6) ?? "",
    GlobalIPv6PrefixLen: prefix(six?.subnet),
    DNSNames: [...new Set([name, ...aliases, id.slice(0, 12)])],
  };
}

/** Every exposed port, with where it is published; null where it is not. */
function inspectedPorts(container: ObservedContainer): object {
  const { record, status } = container;
  const isUp = status === "running" || status === "paused";
  const published = isUp ? portsOf(container) : [];
  const keys = new Set([
    ...(record.exposedPorts ?? []),
    ...published.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`),
  ]);
  return Object.fromEntries(
    [...keys].map((key) => {
      const bindings = published
        .filter(({ containerPort, protocol }) => `${containerPort}/${protocol}` === key)
        .map(({ hostIp, hostPort }) => ({ HostIp: hostIp || "0.0.0.0", HostPort: String(hostPort) }));
      return [key, bindings.length > 0 ? bindings : null];
    }),
  );
}
