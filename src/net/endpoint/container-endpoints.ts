import { GantryError } from "../../lib/diagnostic.ts";
import type { Op } from "../../lib/launch-plan/index.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import { addressBytes } from "../address/cidr.ts";
import { hasIpv6, sidesOf } from "../address/sides.ts";
import type { AllocatedNetwork, Attachment, Endpoint } from "../contract.ts";
import { applyOps } from "../helper/run-helper.ts";
import { addressOp, macFromAddress } from "./bridge-ops.ts";

const CLONE_NEWNET = 0x4000_0000n;

/**
 * The interfaces of a container, in the order they are made: the highest `priority` first, then by network key. The
 * operations run in the container's namespace, by a helper that was started in the project namespace. Endpoints come
 * with the default route when it is theirs (see `defaultRouteOf`).
 */
export function containerEndpoints(containerId: string, attachments: readonly Attachment[]): Endpoint[] {
  const inOrder = [...attachments].sort(
    (left, right) =>
      (right.priority ?? 0) - (left.priority ?? 0) || compareText(left.network.key, right.network.key),
  );
  const router = defaultRouteOf(attachments)?.network.name;
  return inOrder.map((attachment, index) =>
    endpointOf(
      attachment,
      attachment.interfaceName ?? `eth${index}`,
      peerName(containerId, index),
      attachment.network.name === router,
    ),
  );
}

/**
 * One more interface for a container that has others already. `links` are those of the project namespace, where the
 * other end gets a name that none of them has.
 */
export function addedEndpoint(
  containerId: string,
  added: Attachment,
  others: readonly Attachment[],
  links: ReadonlySet<string>,
): Endpoint {
  let index = others.length;
  while (links.has(peerName(containerId, index))) index += 1;
  const isRouter = defaultRouteOf([...others, added]) === added;
  return endpointOf(added, added.interfaceName ?? `eth${index}`, peerName(containerId, index), isRouter);
}

/** Takes an interface away; the default route leads by what is left. */
export function removedEndpointOps(interfaceName: string, rest: readonly Attachment[]): Op[] {
  const router = defaultRouteOf(rest);
  return [
    { op: "link_delete", netns: 0, name: interfaceName },
    ...(router?.interfaceName ? defaultRoutes(router.network, router.interfaceName) : []),
  ];
}

/** Carries out operations in the network namespace of a running container. */
export async function applyInside(container: ProcessIdentity, ops: readonly Op[]): Promise<void> {
  const { pid, startTime } = container;
  await applyOps([{ op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE_NEWNET }, ...ops]);
}

function endpointOf(
  attachment: Attachment,
  interfaceName: string,
  peer: string,
  isRouter: boolean,
): Endpoint {
  const { network, addresses } = attachment;
  const mac = attachment.macAddress ? parseMac(attachment.macAddress) : macFromAddress(addresses[0]!);
  return {
    network: network.name,
    interfaceName,
    addresses,
    macAddress: formatMac(mac),
    ops: [
      ...(hasIpv6(network) ? [enableIpv6] : []),
      vethOp(network, interfaceName, mac, peer),
      ...addresses.map((address) => addressOp(interfaceName, address, subnetFor(network, address))),
      { op: "link_set", netns: 0, name: interfaceName, up: 1 },
      ...(isRouter ? defaultRoutes(network, interfaceName) : []),
    ],
  };
}

/**
 * The attachment whose gateway is the container's default route: the highest `gw_priority`, then an IPv6-capable
 * network, then by name, as Docker chooses. Internal networks have no way out and are never chosen. Published ports
 * lead to this address too: the answers to an outside client leave through the default route.
 */
export function defaultRouteOf(attachments: readonly Attachment[]): Attachment | undefined {
  return attachments
    .filter(({ network }) => !network.internal)
    .sort(
      (left, right) =>
        (right.gatewayPriority ?? 0) - (left.gatewayPriority ?? 0) ||
        Number(hasIpv6(right.network)) - Number(hasIpv6(left.network)) ||
        compareText(left.network.name, right.network.name),
    )[0];
}

/**
 * What every container with a network namespace of its own needs first, attached or not. IPv6 is off until an
 * attachment with IPv6 turns it on for its interface: link-local addresses nobody asked for cost kernel timers in
 * each container and make programs try addresses that lead nowhere. ::1 works regardless.
 */
export function loopbackOps(): Op[] {
  return [
    { op: "link_set", netns: 0, name: "lo", up: 1 },
    { op: "sysctl", key: "net/ipv6/conf/default/disable_ipv6", value: "1", optional: 1 },
  ];
}

const enableIpv6: Op = { op: "sysctl", key: "net/ipv6/conf/default/disable_ipv6", value: "0", optional: 0 };

function vethOp(network: AllocatedNetwork, name: string, mac: Buffer, peer: string): Op {
  return {
    op: "link_add_veth",
    netns: 0,
    name,
    mac,
    mtu: network.mtu,
    peerNetns: 1,
    peerName: peer,
    peerMaster: network.bridge,
    peerIsolated: network.isolated ? 1 : 0,
  };
}

function defaultRoutes(network: AllocatedNetwork, link: string): Op[] {
  return sidesOf(network).map(({ gateway }) => defaultRoute(link, gateway));
}

/** The default route of the current namespace. */
export function defaultRoute(link: string, gateway: string): Op {
  const bytes = addressBytes(gateway);
  return {
    op: "route_add",
    netns: 0,
    family: bytes.length === 4 ? 4 : 6,
    destination: Buffer.alloc(0),
    prefix: 0,
    gateway: bytes,
    link,
    table: 0,
    type: 1,
    metric: 0,
  };
}

/** Names the container and the place of the interface in it: what `ip link` in the project namespace shows. */
const peerName = (containerId: string, index: number) => `v${containerId.slice(0, 12)}${index.toString(36)}`;

const subnetFor = (network: AllocatedNetwork, address: string) =>
  sidesOf(network).find(({ subnet }) => subnet.includes(":") === address.includes(":"))!.subnet;

function parseMac(text: string): Buffer {
  const plain = text.replaceAll(/[:-]/g, "");
  if (!/^[0-9a-fA-F]{12}$/.test(plain))
    throw new GantryError("mac-address-invalid", `mac_address ${text} is not a hardware address`, {
      hint: 'write it like "02:42:ac:11:00:02"',
    });
  return Buffer.from(plain, "hex");
}

const formatMac = (mac: Buffer) => mac.toString("hex").match(/../g)!.join(":");

const compareText = (left: string, right: string) => (left < right ? -1 : Number(left > right));
