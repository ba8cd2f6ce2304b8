import ipaddr from "ipaddr.js";

/** A block of addresses of either family; addresses are numbers so that both families share the arithmetic. */
export type Cidr = { readonly family: 4 | 6; readonly base: bigint; readonly prefix: number };

/** An address of either family as a number. */
export type Address = { readonly family: 4 | 6; readonly value: bigint };

/** Parses "172.20.0.0/16"; host bits are cleared. undefined when it is no such thing. */
export function parseCidr(text: string): Cidr | undefined {
  const [addressText, prefixText, ...rest] = text.split("/");
  const address = parseAddress(addressText ?? "");
  if (!address || rest.length > 0 || !/^\d{1,3}$/.test(prefixText ?? "")) return undefined;
  const prefix = Number(prefixText);
  if (prefix > bits(address.family)) return undefined;
  return cidr(address.family, address.value, prefix);
}

/** The block of that size around an address. */
export function cidr(family: 4 | 6, address: bigint, prefix: number): Cidr {
  const hostBits = BigInt(bits(family) - prefix);
  return { family, base: (address >> hostBits) << hostBits, prefix };
}

/** Parses a plain address. IPv4 needs all four decimal parts: "10.1" and "0x7f.1" are mistakes, not addresses. */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text))
    return { family: 4, value: toNumber(ipaddr.IPv4.parse(text).toByteArray()) };
  if (text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text))
    return { family: 6, value: toNumber(ipaddr.IPv6.parse(text).toByteArray()) };
  return undefined;
}

/** The address as text, IPv6 in its short form (RFC 5952). */
export function formatAddress(address: Address): string {
  return ipaddr.fromByteArray(toBytes(address)).toString();
}

export function formatCidr(block: Cidr): string {
  return `${formatAddress({ family: block.family, value: block.base })}/${block.prefix}`;
}

/** The bytes of an address, in network order: 4 or 16. */
export function addressBytes(text: string): Buffer {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`not an address: ${text}`);
  return Buffer.from(toBytes(address));
}

/** The highest address of the block: IPv4's broadcast address. */
export function lastAddress(block: Cidr): bigint {
  return block.base + (1n << BigInt(bits(block.family) - block.prefix)) - 1n;
}

export function contains(block: Cidr, address: Address): boolean {
  return (
    block.family === address.family && block.base <= address.value && address.value <= lastAddress(block)
  );
}

export function overlaps(left: Cidr, right: Cidr): boolean {
  return left.family === right.family && left.base <= lastAddress(right) && right.base <= lastAddress(left);
}

const bits = (family: 4 | 6) => (family === 4 ? 32 : 128);

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function toBytes({ family, value }: Address): number[] {
  const size = bits(family) / 8;
  return Array.from({ length: size }, (_, index) =>
    Number((value >> BigInt((size - 1 - index) * 8)) & 0xffn),
  );
}
