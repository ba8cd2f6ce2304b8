import { createHash } from "node:crypto";
import { formatAddress } from "../address/cidr.ts";

/** The pair of addresses that joins a project to the host, and the name of the host's end of the veth pair. */
export type UplinkLease = {
  /** In the host's namespace. */
  readonly link: string;
  readonly hostAddress: string;
  /** In the project's namespace. */
  readonly address: string;
};

/** All uplinks of gantry, for rules: interface names that begin with it are ours. */
export const UPLINK_PREFIX = "gtry";
/** RFC 2544's benchmarking block: never routed, and nobody's home network. */
export const UPLINK_BLOCK = "198.18.0.0/15";
/** The name of the uplink inside the project namespace. */
export const UPLINK = "uplink";

const LEASES = 65_536;
const FIRST_ADDRESS = 0xc612_0000n;

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

/** The n-th lease: two neighbouring addresses of the block (RFC 3021), and a name that says which. */
export function uplinkLease(index: number): UplinkLease {
  const hostAddress = FIRST_ADDRESS + BigInt(index) * 2n;
  return {
    link: `${UPLINK_PREFIX}${index.toString(16).padStart(4, "0")}`,
    hostAddress: formatAddress({ family: 4, value: hostAddress }),
    address: formatAddress({ family: 4, value: hostAddress + 1n }),
  };
}
