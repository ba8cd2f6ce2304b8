import type { Op } from "../../lib/launch-plan/index.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import { addressBytes } from "../address/cidr.ts";
import { defaultRoute } from "../endpoint/container-endpoints.ts";
import { hostHasIpv6 } from "../uplink/forwarding.ts";
import { UPLINK, type UplinkLease } from "./uplink-lease.ts";

/** What the keeper of a project is told. */
export type KeeperRequest = {
  readonly controlPath: string;
  readonly statusPath: string;
  readonly logPath: string;
  /** Keeps the user namespace that the keeper is in. */
  readonly namespaceLock?: string;
  readonly supervisor: {
    readonly argv: readonly string[];
    readonly env: readonly string[];
    readonly cwd: string;
  };
};

/** Packets for a transparent socket carry this mark, and are delivered locally by a routing table of this number. */
export const TRANSPARENT_MARK = 0x67_74;
const TRANSPARENT_TABLE = 0x67_74;
const TRANSPARENT_PRIORITY = 100;
const CLONE_NEWNET = 0x4000_0000n;
const RTN_LOCAL = 2;

const RESTART_MIN_MS = 50;
const RESTART_MAX_MS = 10_000;

/** Starts a keeper in a new project namespace. `uplink` joins it to the host's: see vethUplink and userUplink. */
export function newNamespacePlan(request: KeeperRequest, uplink: readonly Op[]): Op[] {
  return [
    ...keeperOps(request),
    { op: "unshare", flags: CLONE_NEWNET },
    ...namespaceSettings(),
    ...uplink,
    ...transparentRouting(),
    supervisorOp(request),
  ];
}

/**
 * Starts a keeper in the project namespace that a surviving process of the project (a container's monitor) is in.
 * Its addresses are still there, and an uplink that is no process of its own; the settings are repeated, as that costs
 * nothing.
 */
export function adoptNamespacePlan(
  request: KeeperRequest,
  member: ProcessIdentity,
  uplink: readonly Op[] = [],
): Op[] {
  return [
    ...keeperOps(request),
    { op: "setns_process", pid: member.pid, startTime: BigInt(member.startTime), flags: CLONE_NEWNET },
    ...namespaceSettings(),
    ...uplink,
    ...transparentRouting(),
    supervisorOp(request),
  ];
}

function keeperOps({ controlPath, statusPath, logPath, namespaceLock }: KeeperRequest): Op[] {
  return [
    { op: "keeper", controlPath, statusPath, logPath },
    ...(namespaceLock === undefined ? [] : [{ op: "hold", path: namespaceLock } satisfies Op]),
  ];
}

function supervisorOp({ supervisor }: KeeperRequest): Op {
  return { op: "supervisor", ...supervisor, restartMinMs: RESTART_MIN_MS, restartMaxMs: RESTART_MAX_MS };
}

/**
 * The namespace routes between its bridges and the uplink. A new namespace inherits the host's reverse path filter,
 * which would drop packets of transparent connections; the rules check sources themselves. IPv6 is off for links
 * that do not ask for it.
 */
function namespaceSettings(): Op[] {
  return [
    { op: "link_set", netns: 0, name: "lo", up: 1 },
    setting("net/ipv4/ip_forward", "1"),
    setting("net/ipv4/conf/all/rp_filter", "0"),
    setting("net/ipv4/conf/default/rp_filter", "0"),
    { ...setting("net/ipv6/conf/all/forwarding", "1"), optional: 1 },
    { ...setting("net/ipv6/conf/default/disable_ipv6", "1"), optional: 1 },
  ];
}

function setting(key: string, value: string): Op & { readonly op: "sysctl" } {
  return { op: "sysctl", key, value, optional: 0 };
}

/**
 * The uplink of root: a pair of links.
 *
 * The host's end is the pair's main end: the helper refuses an existing name there, which is what makes the name a
 * lease, whereas it replaces a stale peer.
 */
export function vethUplink(lease: UplinkLease): Op[] {
  return [
    {
      op: "link_add_veth",
      netns: 1,
      name: lease.link,
      mac: Buffer.alloc(0),
      mtu: 0,
      peerNetns: 0,
      peerName: UPLINK,
      peerMaster: "",
      peerIsolated: 0,
    },
    { op: "address_add", netns: 1, link: lease.link, address: addressBytes(lease.hostAddress), prefix: 31 },
    { op: "link_set", netns: 1, name: lease.link, up: 1 },
    { op: "address_add", netns: 0, link: UPLINK, address: addressBytes(lease.address), prefix: 31 },
    defaultRoute(UPLINK, lease.hostAddress),
    ...(hostHasIpv6() ? ipv6Uplink(lease) : []),
  ];
}

/** For IPv6 the rest of the way is opened only where a network asks for it: see ensureHostUplink. */
function ipv6Uplink(lease: UplinkLease): Op[] {
  return [
    { op: "address_add", netns: 1, link: lease.link, address: addressBytes(lease.hostIpv6), prefix: 127 },
    setting(`net/ipv6/conf/${UPLINK}/disable_ipv6`, "0"),
    { op: "address_add", netns: 0, link: UPLINK, address: addressBytes(lease.ipv6), prefix: 127 },
    defaultRoute(UPLINK, lease.hostIpv6),
  ];
}

/**
 * Forwarded connections keep the client's address: the keeper connects to the container from an address that is not
 * ours, and the answers to it must come back to us although their destination is elsewhere.
 */
function transparentRouting(): Op[] {
  return [4, 6].flatMap((family): Op[] => [
    {
      op: "route_add",
      netns: 0,
      family,
      destination: Buffer.alloc(0),
      prefix: 0,
      gateway: Buffer.alloc(0),
      link: "lo",
      table: TRANSPARENT_TABLE,
      type: RTN_LOCAL,
      metric: 0,
    },
    {
      op: "rule_add",
      netns: 0,
      family,
      mark: TRANSPARENT_MARK,
      table: TRANSPARENT_TABLE,
      priority: TRANSPARENT_PRIORITY,
    },
  ]);
}
