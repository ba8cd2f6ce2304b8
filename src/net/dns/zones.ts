import { type Cidr, contains, formatAddress, parseAddress, parseCidr } from "../address/cidr.ts";
import { sidesOf } from "../address/sides.ts";
import type { AllocatedNetwork, NamedContainer } from "../contract.ts";
import { addressOfReverseName } from "./reverse-name.ts";

/** What there is to say about a name. */
export type Lookup =
  /** `data`: addresses, or names for PTR; empty when the name exists and has nothing of that type (NODATA). */
  | { readonly kind: "answer"; readonly data: readonly string[] }
  /** The name is the project's and nobody has it now (NXDOMAIN). */
  | { readonly kind: "unknown" }
  /** Not ours: ask upstream. */
  | { readonly kind: "foreign" };

/** What the name server knows besides the containers. */
export type ZoneSettings = {
  readonly networks: readonly AllocatedNetwork[];
  /** Names that are the project's even while no container has them: its services. */
  readonly declaredNames: readonly string[];
  /** Where `host.docker.internal` leads: the host's end of the uplink. */
  readonly hostAddress: string;
};

/** Who asks. */
export type Asker = {
  readonly container: NamedContainer | undefined;
  readonly networks: readonly AllocatedNetwork[];
};

type Entry = {
  readonly container: NamedContainer;
  readonly network: string;
  readonly addresses: readonly string[];
};

const HOST_NAMES: ReadonlySet<string> = new Set([
  "host.docker.internal",
  "gateway.docker.internal",
  "host.containers.internal",
]);
const FOREIGN: Lookup = { kind: "foreign" };
const UNKNOWN: Lookup = { kind: "unknown" };

/**
 * The names of a project: a table, no sockets. Who asks matters: a container sees the names of the containers that
 * share a network with it, at their addresses on those networks.
 */
export class Zones {
  #settings: ZoneSettings;
  #subnets: readonly Cidr[] = [];
  #declared: ReadonlySet<string> = new Set();
  readonly #containers = new Map<string, NamedContainer>();
  readonly #byName = new Map<string, Entry[]>();
  readonly #byAddress = new Map<string, Entry>();
  #turn = 0;

  constructor(settings: ZoneSettings) {
    this.#settings = settings;
    this.configure(settings);
  }

  /** Goes by these networks and services from now on. */
  configure(settings: ZoneSettings): void {
    this.#settings = settings;
    // Of the subnet of a shared network others know more: see NeighbourZones.
    this.#subnets = settings.networks.filter(({ shared }) => !shared).flatMap(blocksOf);
    this.#declared = new Set(settings.declaredNames.map(fold));
  }

  /** Adds a running container, or replaces what was known of it. */
  set(container: NamedContainer): void {
    this.remove(container.id);
    this.#containers.set(container.id, container);
    for (const { network, addresses, aliases } of container.networks) {
      const entry = { container, network, addresses };
      for (const name of namesOn(container, network, aliases)) {
        const entries = this.#byName.get(name);
        if (entries) entries.push(entry);
        else this.#byName.set(name, [entry]);
      }
      for (const address of addresses) this.#byAddress.set(address, entry);
    }
  }

  /** Forgets a container that has stopped. */
  remove(id: string): void {
    const container = this.#containers.get(id);
    if (!container) return;
    this.#containers.delete(id);
    for (const { network, addresses, aliases } of container.networks) {
      for (const name of namesOn(container, network, aliases)) {
        const left = this.#byName.get(name)?.filter((entry) => entry.container !== container) ?? [];
        if (left.length > 0) this.#byName.set(name, left);
        else this.#byName.delete(name);
      }
      for (const address of addresses)
        if (this.#byAddress.get(address)?.container === container) this.#byAddress.delete(address);
    }
  }

  /**
   * Who asks from that address: the container that has it, and the networks it is on. A program may ask before its
   * container is made known; then its address tells at least the network. A stranger is on no network.
   */
  asker(text: string): Asker {
    const container = this.#byAddress.get(text)?.container;
    const address = parseAddress(text);
    const isOn = (network: AllocatedNetwork) =>
      container
        ? container.networks.some((place) => place.network === network.name)
        : address !== undefined && blocksOf(network).some((block) => contains(block, address));
    return { container, networks: this.#settings.networks.filter(isOn) };
  }

  /**
   * Looks a name up for whoever asks from that address. Addresses come in another order each time, so that clients
   * spread over the replicas.
   */
  lookup(name: string, type: string, askingAddress: string): Lookup {
    return this.lookupFor(this.asker(askingAddress), name, type);
  }

  /** The same, when it is known who asks. */
  lookupFor(asker: Asker, name: string, type: string): Lookup {
    const wanted = linked(asker.container, fold(name));
    if (type === "PTR") return this.#reverse(wanted, asker);
    if (HOST_NAMES.has(wanted)) return answer(type === "A" ? [this.#settings.hostAddress] : []);
    const visible = new Set(asker.networks.map((network) => network.name));
    const found = (this.#byName.get(wanted) ?? []).filter((entry) => visible.has(entry.network));
    if (found.length > 0) return answer(this.#rotate(addressesOfType(found, type)));
    return this.#byName.has(wanted) || this.#declared.has(wanted) ? UNKNOWN : FOREIGN;
  }

  /** Addresses of our subnets that nobody has are never asked upstream, where nobody can know them either. */
  #reverse(name: string, asker: Asker): Lookup {
    const address = addressOfReverseName(name);
    if (!address) return FOREIGN;
    const entry = this.#byAddress.get(formatAddress(address));
    const isVisible = asker.networks.some((network) => network.name === entry?.network);
    if (entry && isVisible) return answer([`${entry.container.name}.${entry.network}`]);
    return this.#subnets.some((subnet) => contains(subnet, address)) ? UNKNOWN : FOREIGN;
  }

  #rotate(addresses: readonly string[]): readonly string[] {
    if (addresses.length < 2) return addresses;
    this.#turn = (this.#turn + 1) % 0x1_0000;
    const start = this.#turn % addresses.length;
    return [...addresses.slice(start), ...addresses.slice(0, start)];
  }
}

const blocksOf = (network: AllocatedNetwork) => sidesOf(network).map(({ subnet }) => parseCidr(subnet)!);

const answer = (data: readonly string[]): Lookup => ({ kind: "answer", data });

/** Names compare without case (RFC 4343); the root's dot at the end means nothing here. */
const fold = (name: string) => name.toLowerCase().replace(/\.$/, "");

/** What a name stands for to whoever asks. */
function linked(container: NamedContainer | undefined, name: string): string {
  for (const [alias, target] of Object.entries(container?.links ?? {}))
    if (fold(alias) === name) return fold(target);
  return name;
}

/** Each name also works qualified with the network's, "web.shop_default", as with Docker. */
function namesOn(container: NamedContainer, network: string, aliases: readonly string[]): Set<string> {
  const names = [...container.names, ...aliases].map(fold);
  return new Set([...names, ...names.map((name) => `${name}.${fold(network)}`)]);
}

/** One address once: two containers may share a namespace, and one container a network under two names. */
function addressesOfType(entries: readonly Entry[], type: string): string[] {
  if (type !== "A" && type !== "AAAA") return [];
  const addresses = entries.flatMap((entry) => entry.addresses);
  return [...new Set(addresses.filter((address) => address.includes(":") === (type === "AAAA")))];
}
