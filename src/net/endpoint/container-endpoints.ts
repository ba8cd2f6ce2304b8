import { GantryError } from "../../lib/diagnostic.ts";
import type { Op } from "../../lib/launch-plan/index.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import { addressBytes } from "../address/cidr.ts";
import { hasIpv6, sidesOf } from "../address/sides.ts";
import { routesItself } from "../allocate/direct-link.ts";
import type { AllocatedNetwork, Attachment, DirectLink, Endpoint } from "../contract.ts";
import { applyOps } from "../helper/run-helper.ts";
import { addressOp, macFromAddress } from "./bridge-ops.ts";
import { interfaceSysctlOps } from "./interface-sysctls.ts";

const CLONE_NEWNET = 0x4000_0000n;

/**
 * The interfaces of a container, in the order they are made: the highest `priority` first, then by network key. The
 * operations run in the container's namespace, by a helper that was started in the project namespace. Endpoints come
 * with the default route when it is theirs (see `defaultRouteOf`). `host`: a process in the host's network namespace,
 * for networks that are on one of its interfaces.
 */
export function containerEndpoints(
  containerId: string,
  attachments: readonly Attachment[],
  host?: ProcessIdentity,
): Endpoint[] {
  const inOrder = [...attachments].sort(
    (left, right) =>
      (right.priority ?? 0) - (left.priority ?? 0) || compareText(left.network.key, right.network.key),
  );
  const router = defaultRouteOf(attachments)?.network.name;
  return inOrder.map((attachment, index) =>
    endpointOf(attachment, attachment.interfaceName ?? `eth${index}`, {
      peer: peerName(containerId, index),
      isRouter: attachment.network.name === router,
      host,
    }),
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
  { links, host }: { readonly links: ReadonlySet<string>; readonly host?: ProcessIdentity },
): Endpoint {
  let index = others.length;
  while (links.has(peerName(containerId, index))) index += 1;
  const isRouter = defaultRouteOf([...others, added]) === added;
  const peer = peerName(containerId, index);
  return endpointOf(added, added.interfaceName ?? `eth${index}`, { peer, isRouter, host });
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

/** `peer`: the name of the other end at a bridge. */
type Place = { readonly peer: string; readonly isRouter: boolean; readonly host?: ProcessIdentity };

function endpointOf(
  attachment: Attachment,
  interfaceName: string,
  { peer, isRouter, host }: Place,
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
      network.direct
        ? directOp(network.direct, network.mtu, interfaceName, mac, host)
        : vethOp(network, interfaceName, mac, peer),
      ...addresses.map((address) => addressOp(interfaceName, address, subnetFor(network, address))),
      { op: "link_set", netns: 0, name: interfaceName, up: 1 },
      ...interfaceSysctlOps(attachment.sysctls ?? [], interfaceName),
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

/** An ipvlan has its parent's hardware address. */
function directOp(
  { kind, parent, mode, flags }: DirectLink,
  mtu: number,
  name: string,
  mac: Buffer,
  host: ProcessIdentity = { pid: 0, startTime: 0 },
): Op {
  const { pid, startTime } = host;
  const own = kind === "macvlan" ? mac : Buffer.alloc(0);
  return {
    op: "link_add_on",
    name,
    kind,
    parent,
    pid,
    startTime: BigInt(startTime),
    mode,
    flags,
    mac: own,
    mtu,
  };
}

function defaultRoutes(network: AllocatedNetwork, link: string): Op[] {
  const onLink = network.direct !== undefined && routesItself(network.direct);
  return sidesOf(network).map(({ gateway }) => defaultRoute(link, gateway, onLink));
}

/** The default route of the current namespace; `onLink`: every destination is a neighbour. */
export function defaultRoute(link: string, gateway: string, onLink = false): Op {
  const bytes = addressBytes(gateway);
  return {
    op: "route_add",
    netns: 0,
    family: bytes.length === 4 ? 4 : 6,
    destination: Buffer.alloc(0),
    prefix: 0,
    gateway: onLink ? Buffer.alloc(0) : bytes,
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
