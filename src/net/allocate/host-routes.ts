import { type Cidr, cidr } from "../address/cidr.ts";

/**
 * The destinations the host has routes to, from the text of /proc/net/route and /proc/net/ipv6_route: a network
 * that took one of them would hide it from its containers. Routes that cover nearly everything (the default route,
 * and the two halves VPN clients put in its place) name no destination in particular and are left out.
 */
export function hostRoutes(routeTable: string, ipv6RouteTable = ""): Cidr[] {
  return [...ipv4Routes(routeTable), ...ipv6Routes(ipv6RouteTable)].filter((route) => route.prefix > 1);
}

function ipv4Routes(table: string): Cidr[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [destination, mask] = [fields[1], fields[7]];
      if (!isHex(destination, 8) || !isHex(mask, 8)) return [];
      return [cidr(4, swapBytes(destination), countOnes(swapBytes(mask)))];
    });
}

/** Loopback and multicast routes, and those of the unreachable default, are of no interest. */
function ipv6Routes(table: string): Cidr[] {
  return table.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [destination, prefix, device] = [fields[0], fields[1], fields[9]];
    if (!isHex(destination, 32) || !isHex(prefix, 2) || device === "lo") return [];
    return [cidr(6, BigInt(`0x${destination}`), Number.parseInt(prefix, 16))];
  });
}

function isHex(text: string | undefined, length: number): text is string {
  return text !== undefined && text.length === length && /^[0-9a-fA-F]+$/.test(text);
}

/** The kernel prints IPv4 addresses there as a little-endian word. */
function swapBytes(hexadecimal: string): bigint {
  return BigInt(`0x${hexadecimal.match(/../g)!.reverse().join("")}`);
}

const countOnes = (mask: bigint) => mask.toString(2).replaceAll("0", "").length;
