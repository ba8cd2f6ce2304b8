import { createHash } from "node:crypto";
import { type Cidr, cidr, overlaps, parseCidr } from "../address/cidr.ts";

/**
 * A free subnet for a network that names none: Docker's default pools in Docker's order, then slices of 10.0.0.0/8.
 * What the host routes elsewhere is avoided, so that containers reach VPNs and office networks. A host whose routes
 * cover every pool still gets a subnet: inside the project's own namespace it disturbs nobody.
 */
export function chooseSubnet(
  taken: readonly Cidr[],
  { routes, fromEnd }: { readonly routes: readonly Cidr[]; readonly fromEnd?: boolean },
): Cidr {
  const inOrder = fromEnd ? candidates().toReversed() : candidates();
  const free = inOrder.filter((candidate) => !taken.some((other) => overlaps(candidate, other)));
  return free.find((candidate) => !routes.some((route) => overlaps(candidate, route))) ?? free[0]!;
}

/** A /64 for the n-th network of a project, out of a /48 of its own (RFC 4193, locally assigned). */
export function chooseIpv6Subnet(project: string, taken: readonly Cidr[]): Cidr {
  const globalId = createHash("sha256").update(project).digest().readUIntBE(0, 5);
  const site = ((0xfdn << 40n) | BigInt(globalId)) << 80n;
  for (let subnet = 0n; ; subnet += 1n) {
    const candidate = cidr(6, site | (subnet << 64n), 64);
    if (!taken.some((other) => overlaps(candidate, other))) return candidate;
  }
}

let allCandidates: readonly Cidr[] | undefined;

function candidates(): readonly Cidr[] {
  allCandidates ??= [
    ...slices("172.17.0.0/16", 16, 15),
    ...slices("192.168.0.0/20", 20, 16),
    ...slices("10.0.0.0/20", 20, 4096),
  ];
  return allCandidates;
}

function slices(first: string, prefix: number, count: number): Cidr[] {
  const { base } = parseCidr(first)!;
  const size = 1n << BigInt(32 - prefix);
  return Array.from({ length: count }, (_, index) => cidr(4, base + BigInt(index) * size, prefix));
}
