import { createHash } from "node:crypto";
import { formatAddress } from "../address/cidr.ts";

/** The pair of addresses that joins a project to the host, and the name of the host's end of the veth pair. */
export type UplinkLease = {
  /** In the host's namespace. */
  readonly link: string;
  readonly hostAddress: string;
  /** In the project's namespace. */
  readonly address: string;
  /** The same for IPv6. */
  readonly hostIpv6: string;
  readonly ipv6: string;
};

/** All uplinks of gantry, for rules: interface names that begin with it are ours. */
export const UPLINK_PREFIX = "gtry";
/** RFC 2544's benchmarking block: never routed, and nobody's home network. */
export const UPLINK_BLOCK = "198.18.0.0/15";
/** Locally assigned (RFC 4193); like those of IPv4 these addresses never leave the host. */
export const UPLINK_IPV6_BLOCK = "fd67:616e:7472::/48";
/** The name of the uplink inside the project namespace. */
export const UPLINK = "uplink";

const LEASES = 65_536;
const FIRST_ADDRESS = 0xc612_0000n;
const FIRST_IPV6_ADDRESS = 0xfd67_616e_7472n << 80n;

/**
 * The leases a project may try, in order. A lease is held by its link: a link's name is unique in a network
 * namespace, so the kernel refuses a second holder, whatever root directory it works from, and frees the lease in the
 * moment the project namespace is gone. The order begins at a place of the project's own, which keeps its addresses
 * the same from one `up` to the next. Leases whose link already exists are left out.
 */
export function* uplinkLeases(identity: string, existingLinks: ReadonlySet<string>): Generator<UplinkLease> {
  const start = createHash("sha256").update(identity).digest().readUInt16BE(0);
  for (let offset = 0; offset < LEASES; offset += 1) {
    const lease = uplinkLease((start + offset) % LEASES);
    if (!existingLinks.has(lease.link)) yield lease;
  }
}

/** The n-th lease: two neighbouring addresses of each block (RFC 3021, RFC 6164), and a name that says which. */
export function uplinkLease(index: number): UplinkLease {
  const hostAddress = FIRST_ADDRESS + BigInt(index) * 2n;
  // The very first address of a subnet means any router of it (RFC 4291): the pairs begin at 2.
  const hostIpv6 = FIRST_IPV6_ADDRESS + BigInt(index + 1) * 2n;
  return {
    link: `${UPLINK_PREFIX}${index.toString(16).padStart(4, "0")}`,
    hostAddress: formatAddress({ family: 4, value: hostAddress }),
    address: formatAddress({ family: 4, value: hostAddress + 1n }),
    hostIpv6: formatAddress({ family: 6, value: hostIpv6 }),
    ipv6: formatAddress({ family: 6, value: hostIpv6 + 1n }),
  };
}
