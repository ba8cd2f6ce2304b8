import { GantryError } from "../../lib/diagnostic.ts";
import type { AllocatedNetwork } from "../contract.ts";
import {
  type Address,
  type Cidr,
  contains,
  formatAddress,
  formatCidr,
  lastAddress,
  parseAddress,
  parseCidr,
} from "./cidr.ts";
import { sidesOf } from "./sides.ts";

/** Addresses asked for by the files; what is absent is chosen. */
export type WantedAddresses = { readonly ipv4_address?: string; readonly ipv6_address?: string };

/**
 * The addresses of one network. An owner is the text that names who holds an address in a message: "service web".
 * Static addresses are reserved up front, so that no container that may have any
 * address takes one while its owner is stopped.
 */
export class AddressPool {
  readonly #network: AllocatedNetwork;
  readonly #families: readonly FamilyPool[];

  constructor(network: AllocatedNetwork) {
    this.#network = network;
    const sides = sidesOf(network);
    const reserved = (network.reserved ?? []).map((text) => parseAddress(text)!);
    this.#families = sides.map((side) => new FamilyPool(side, reserved));
  }

  /**
   * Keeps static addresses for an owner, also while it does not hold them.
   * Throws when one lies outside the subnet, is the gateway's, or belongs to somebody else.
   */
  reserve(owner: string, wanted: WantedAddresses): void {
    for (const text of wantedTexts(wanted))
      this.#check(owner, text).reserve(parseAddress(text)!.value, owner);
  }

  /** Gives up all reservations, before those of a new version of the files are made; held addresses stay held. */
  forgetReservations(): void {
    for (const pool of this.#families) pool.forgetReservations();
  }

  /** Gives the wanted addresses, or the lowest free ones: one for each family of the network, IPv4 first. */
  take(owner: string, wanted: WantedAddresses = {}): string[] {
    const given = wantedTexts(wanted).map((text) => {
      this.#check(owner, text);
      return parseAddress(text)!;
    });
    return this.#families.map((pool) => {
      const fixed = given.find((address) => address.family === pool.subnet.family);
      const value = fixed?.value ?? pool.lowestFree();
      if (value === undefined) throw this.#exhausted(owner);
      pool.hold(value, owner);
      return formatAddress({ family: pool.subnet.family, value });
    });
  }

  /** Takes down that an address is somebody's; one of another subnet is none of ours. */
  note(owner: string, text: string): void {
    const address = parseAddress(text);
    if (address) this.#poolOf(address)?.hold(address.value, owner);
  }

  /** Gives the highest free address of a family. */
  takeHighest(owner: string, ofIpv6: boolean): string {
    const pool = this.#families.find(({ subnet }) => (subnet.family === 6) === ofIpv6);
    const value = pool?.highestFree();
    if (!pool || value === undefined) throw this.#exhausted(owner);
    pool.hold(value, owner);
    return formatAddress({ family: pool.subnet.family, value });
  }

  /** Gives addresses back. Those that are not held by this owner are left. */
  release(owner: string, addresses: readonly string[]): void {
    for (const text of addresses) {
      const address = parseAddress(text);
      if (address) this.#poolOf(address)?.release(address.value, owner);
    }
  }

  #poolOf(address: Address): FamilyPool | undefined {
    return this.#families.find((pool) => pool.subnet.family === address.family);
  }

  #check(owner: string, text: string): FamilyPool {
    const address = parseAddress(text);
    if (!address) throw this.#problem("address-invalid", owner, `${text} is not an address`);
    const pool = this.#poolOf(address);
    if (!pool)
      throw this.#problem("address-out-of-range", owner, `${text}: the network has no IPv${address.family}`);
    if (!contains(pool.subnet, address))
      throw this.#problem(
        "address-out-of-range",
        owner,
        `${text} is outside the subnet ${this.#subnetOf(pool)}`,
      );
    const holder = pool.holderOf(address.value);
    if (holder !== undefined && holder !== owner)
      throw this.#problem("address-in-use", owner, `${text} is already taken by ${holder}`);
    return pool;
  }

  #subnetOf(pool: FamilyPool): string {
    return formatCidr(pool.subnet);
  }

  #problem(code: string, owner: string, what: string): GantryError {
    return new GantryError(code, `network ${this.#network.key}, ${owner}: address ${what}`);
  }

  #exhausted(owner: string): GantryError {
    return new GantryError(
      "addresses-exhausted",
      `network ${this.#network.key}, ${owner}: no free address is left in ${this.#network.ipRange ?? this.#network.subnet}`,
      { hint: "give the network a larger subnet or ip_range under networks.<name>.ipam.config" },
    );
  }
}

const wantedTexts = (wanted: WantedAddresses) =>
  [wanted.ipv4_address, wanted.ipv6_address].filter((text) => text !== undefined);

/** One family of a network. Nothing below `#searchFrom` is free, so filling a network costs linear time. */
class FamilyPool {
  readonly subnet: Cidr;
  readonly #range: Cidr;
  readonly #holders = new Map<bigint, string>();
  readonly #reservations = new Map<bigint, string>();
  #searchFrom: bigint;

  constructor(
    side: { readonly subnet: string; readonly gateway: string; readonly ipRange?: string },
    reserved: readonly Address[],
  ) {
    this.subnet = parseCidr(side.subnet)!;
    this.#range = parseCidr(side.ipRange ?? side.subnet)!;
    this.#searchFrom = this.#range.base;
    this.#holders.set(this.subnet.base, "the network itself");
    if (this.subnet.family === 4) this.#holders.set(lastAddress(this.subnet), "the broadcast address");
    this.#holders.set(parseAddress(side.gateway)!.value, "the gateway");
    for (const address of reserved)
      if (contains(this.subnet, address)) this.#holders.set(address.value, "aux_addresses");
  }

  holderOf(value: bigint): string | undefined {
    return this.#holders.get(value) ?? this.#reservations.get(value);
  }

  hold(value: bigint, owner: string): void {
    this.#holders.set(value, owner);
  }

  reserve(value: bigint, owner: string): void {
    this.#reservations.set(value, owner);
  }

  forgetReservations(): void {
    this.#reservations.clear();
    this.#searchFrom = this.#range.base;
  }

  lowestFree(): bigint | undefined {
    const last = lastAddress(this.#range);
    while (this.#searchFrom <= last && this.holderOf(this.#searchFrom) !== undefined) this.#searchFrom += 1n;
    return this.#searchFrom <= last ? this.#searchFrom : undefined;
  }

  highestFree(): bigint | undefined {
    let value = lastAddress(this.subnet);
    while (value > this.subnet.base && this.holderOf(value) !== undefined) value -= 1n;
    return value > this.subnet.base ? value : undefined;
  }

  release(value: bigint, owner: string): void {
    if (this.#holders.get(value) !== owner) return;
    this.#holders.delete(value);
    if (value < this.#searchFrom && value >= this.#range.base) this.#searchFrom = value;
  }
}
