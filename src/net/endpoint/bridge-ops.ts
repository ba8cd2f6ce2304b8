import type { Op } from "../../lib/launch-plan/index.ts";
import { addressBytes, parseCidr } from "../address/cidr.ts";
import { hasIpv6, sidesOf } from "../address/sides.ts";
import type { AllocatedNetwork } from "../contract.ts";

/** Makes the bridge of a network, with its gateway address. Run in the project namespace; repeating it is harmless. */
export function bridgeOps(network: AllocatedNetwork): Op[] {
  const { bridge, gateway } = network;
  return [
    {
      op: "link_add_bridge",
      netns: 0,
      name: bridge,
      mac: macFromAddress(gateway),
      mtu: network.mtu,
    },
    ...(hasIpv6(network)
      ? [
          {
            op: "sysctl",
            key: `net/ipv6/conf/${bridge}/disable_ipv6`,
            value: "0",
            optional: 0,
          } satisfies Op,
        ]
      : []),
    ...sidesOf(network).map((side) => addressOp(bridge, side.gateway, side.subnet)),
  ];
}

/** Removes the bridge of a network. */
export function bridgeRemovalOps(network: AllocatedNetwork): Op[] {
  return [{ op: "link_delete", netns: 0, name: network.bridge }];
}

/** Adds an address of the subnet to a link of the current namespace. */
export function addressOp(link: string, address: string, subnet: string): Op {
  return {
    op: "address_add",
    netns: 0,
    link,
    address: addressBytes(address),
    prefix: parseCidr(subnet)!.prefix,
  };
}

/**
 * A hardware address made from an IPv4 address, as Docker does it: locally administered, unique within the network,
 * and the same after a restart, so that neighbours need not learn it anew.
 */
export function macFromAddress(address: string): Buffer {
  const bytes = addressBytes(address);
  return Buffer.concat([Buffer.from([0x02, 0x42]), bytes.subarray(bytes.length - 4)]);
}
