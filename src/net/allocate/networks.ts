import { GantryError } from "../../lib/diagnostic.ts";
import {
  type Cidr,
  contains,
  formatAddress,
  formatCidr,
  overlaps,
  parseAddress,
  parseCidr,
} from "../address/cidr.ts";
import { sidesOf } from "../address/sides.ts";
import type { AllocatedNetwork, NetworkDefinition } from "../contract.ts";
import { bridgeName } from "./bridge-name.ts";
import { chooseIpv6Subnet, chooseSubnet } from "./default-subnets.ts";
import { directLink, isWithoutParent } from "./direct-link.ts";

/** Everything allocation decides from. */
export type NetworkRequest = {
  readonly project: string;
  /** The networks to allocate, by key: the Compose model's `networks`. */
  readonly networks: Readonly<Record<string, NetworkDefinition>>;
  /** Networks of the project that stay as they are. */
  readonly existing?: readonly AllocatedNetwork[];
  /** See hostRoutes. */
  readonly routes: readonly Cidr[];
  /** Takes subnets from the far end of the pools, where no project's own networks are. */
  readonly fromEnd?: boolean;
};

/**
 * Gives each network a subnet, a gateway and a bridge. Configured subnets come first, so that none is taken by a
 * network that could be anywhere; the result is in the order of the request and the same for the same request.
 */
export function allocateNetworks(request: NetworkRequest): AllocatedNetwork[] {
  const taken = (request.existing ?? []).flatMap((network) => subnetsOf(network));
  const bridges = new Set((request.existing ?? []).map((network) => network.bridge));
  const entries = Object.entries(request.networks);
  const configured = new Map(
    entries.map(([key, network]) => [key, claimConfigured(key, network, taken)] as const),
  );
  return entries.map(([key, network]) => {
    const sides = configured.get(key)!;
    const wanted = familiesOf(key, network, sides);
    const ipv4 =
      wanted.ipv4 && (sides.ipv4 ?? sideOf(key, claim(taken, chooseSubnet(taken.map(toCidr), request), key)));
    const ipv6 =
      wanted.ipv6 &&
      (sides.ipv6 ?? sideOf(key, claim(taken, chooseIpv6Subnet(request.project, taken.map(toCidr)), key)));
    const direct = directLink(key, network);
    const bridge = bridgeName(key, bridges, option(network, "bridge.name"));
    bridges.add(bridge);
    return {
      key,
      name: network.name,
      bridge,
      ...((ipv4 || ipv6) as Side),
      ...(ipv4 && ipv6 && { ipv6 }),
      ...(sides.reserved.length > 0 && { reserved: sides.reserved }),
      internal: network.internal === true || isWithoutParent(network),
      ...(direct && { direct }),
      ...(option(network, "bridge.enable_icc") === "false" && { isolated: true }),
      mtu: mtuOf(key, network),
    };
  });
}

/** Throws when a network, as it is given, shares addresses with another one of the project. */
export function requireApart(network: AllocatedNetwork, others: readonly AllocatedNetwork[]): void {
  const taken = others.flatMap(subnetsOf);
  for (const { subnet } of sidesOf(network)) configuredSubnet(network.key, subnet, taken);
}

type Side = { readonly subnet: string; readonly gateway: string; readonly ipRange?: string };
type Claim = { readonly block: Cidr; readonly owner: string };
type IpamConfig = NonNullable<NonNullable<NetworkDefinition["ipam"]>["config"]>[number];

const toCidr = (claimed: Claim) => claimed.block;

function subnetsOf(network: AllocatedNetwork): Claim[] {
  return sidesOf(network).map(({ subnet }) => ({
    block: parseCidr(subnet)!,
    owner: network.key,
  }));
}

/** IPv4 unless it is switched off; IPv6 where it is switched on or a subnet of it is given. */
function familiesOf(
  key: string,
  network: NetworkDefinition,
  sides: { readonly ipv4?: Side; readonly ipv6?: Side },
): { readonly ipv4: boolean; readonly ipv6: boolean } {
  const wanted = {
    ipv4: network.enable_ipv4 !== false,
    ipv6: network.enable_ipv6 ?? sides.ipv6 !== undefined,
  };
  if (wanted.ipv4 || wanted.ipv6) return wanted;
  throw problem(
    "network-without-addresses",
    key,
    "neither IPv4 nor IPv6 is enabled",
    "with enable_ipv4: false a network needs enable_ipv6: true",
  );
}

function claim(taken: Claim[], block: Cidr, owner: string): Cidr {
  taken.push({ block, owner });
  return block;
}

function claimConfigured(
  key: string,
  network: NetworkDefinition,
  taken: Claim[],
): { readonly ipv4?: Side; readonly ipv6?: Side; readonly reserved: readonly string[] } {
  const configs = (network.ipam?.config ?? []).filter((config) => config.subnet !== undefined);
  const found: { ipv4?: Side; ipv6?: Side } = {};
  for (const config of configs) {
    const block = configuredSubnet(key, config.subnet!, taken);
    const family = block.family === 4 ? "ipv4" : "ipv6";
    if (found[family])
      throw problem(
        "subnet-unsupported",
        key,
        `a second ${block.family === 4 ? "IPv4" : "IPv6"} subnet ${config.subnet}`,
        "keep one subnet of each family",
      );
    found[family] = sideOf(key, claim(taken, block, key), config);
  }
  return { ...found, reserved: configs.flatMap((config) => auxiliaryAddresses(key, config)) };
}

function configuredSubnet(key: string, text: string, taken: readonly Claim[]): Cidr {
  const block = parseCidr(text);
  if (!block)
    throw problem(
      "subnet-invalid",
      key,
      `subnet ${text} is not an address block`,
      'write it like "172.28.0.0/16"',
    );
  const [smallest, familyName] = block.family === 4 ? [30, "IPv4"] : [126, "IPv6"];
  if (block.prefix > smallest)
    throw problem(
      "subnet-invalid",
      key,
      `subnet ${text} is too small`,
      `an ${familyName} subnet needs /${smallest} or larger`,
    );
  const other = taken.find((claimed) => overlaps(claimed.block, block));
  if (other)
    throw problem(
      "subnet-overlap",
      key,
      `subnet ${text} overlaps with ${formatCidr(other.block)} of network ${other.owner}`,
      "networks of one project need subnets of their own",
    );
  return block;
}

/** The gateway is the first address of the range or subnet unless the files name one, as with Docker. */
function sideOf(key: string, block: Cidr, config: IpamConfig = {}): Side {
  const range = config.ip_range === undefined ? undefined : parseCidr(config.ip_range);
  if (config.ip_range !== undefined && (!range || range.prefix < block.prefix || !overlaps(range, block)))
    throw problem("subnet-invalid", key, `ip_range ${config.ip_range} is not within ${formatCidr(block)}`);
  const gateway = config.gateway ?? formatAddress({ family: block.family, value: block.base + 1n });
  requireWithin(key, "gateway", gateway, block);
  return { subnet: formatCidr(block), gateway, ...(range && { ipRange: formatCidr(range) }) };
}

function auxiliaryAddresses(key: string, config: IpamConfig): string[] {
  const addresses = Object.entries(config.aux_addresses ?? {});
  for (const [name, address] of addresses)
    requireWithin(key, `aux_addresses.${name}`, address, parseCidr(config.subnet!)!);
  return addresses.map(([, address]) => address);
}

function requireWithin(key: string, what: string, text: string, block: Cidr): void {
  const address = parseAddress(text);
  if (!address || !contains(block, address) || address.value === block.base)
    throw problem("subnet-invalid", key, `${what} ${text} is not an address of ${formatCidr(block)}`);
}

/** Docker's names of the options of its bridge driver. */
function option(network: NetworkDefinition, name: string): string | undefined {
  return network.driver_opts?.[`com.docker.network.${name}`];
}

function mtuOf(key: string, network: NetworkDefinition): number {
  const text = option(network, "driver.mtu") ?? "0";
  const mtu = Number(text);
  if (!/^\d+$/.test(text) || (mtu !== 0 && (mtu < 68 || mtu > 65_535)))
    throw problem("network-option-invalid", key, `com.docker.network.driver.mtu: ${text} is not an MTU`);
  return mtu;
}

function problem(code: string, key: string, what: string, hint?: string): GantryError {
  return new GantryError(code, `network ${key}: ${what}`, { hint });
}
