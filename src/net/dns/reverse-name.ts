import { type Address, parseAddress } from "../address/cidr.ts";

/** The address a reverse look-up asks about: "2.0.20.172.in-addr.arpa" or the nibbles of ip6.arpa. */
export function addressOfReverseName(name: string): Address | undefined {
  const ipv4 = /^((?:\d{1,3}\.){4})in-addr\.arpa$/.exec(name);
  if (ipv4) return parseAddress(ipv4[1]!.slice(0, -1).split(".").reverse().join("."));
  const ipv6 = /^((?:[0-9a-f]\.){32})ip6\.arpa$/.exec(name);
  return ipv6
    ? { family: 6, value: BigInt(`0x${ipv6[1]!.replaceAll(".", "").split("").reverse().join("")}`) }
    : undefined;
}
