import type { AllocatedNetwork } from "../contract.ts";

/** One family of a network. */
type Side = { readonly subnet: string; readonly gateway: string; readonly ipRange?: string };

/** The families of a network: IPv4 first where it has both. A network of IPv6 alone has its one side first. */
export function sidesOf(network: Side & Pick<AllocatedNetwork, "ipv6">): readonly Side[] {
  return network.ipv6 ? [network, network.ipv6] : [network];
}

/** Whether the network has an IPv6 side, beside IPv4 or alone. */
export const hasIpv6 = (network: Side & Pick<AllocatedNetwork, "ipv6">): boolean =>
  sidesOf(network).some(({ subnet }) => subnet.includes(":"));

/** The networks that have a bridge in the project's namespace. */
export const bridged = <Network extends Pick<AllocatedNetwork, "direct">>(
  networks: readonly Network[],
): readonly Network[] => networks.filter(({ direct }) => !direct);
