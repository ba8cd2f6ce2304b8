import type { Project } from "../../compose/index.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { AddressPool, type WantedAddresses } from "../../net/index.ts";
import type { OwnedNetwork, SharedAddresses } from "../../project/index.ts";
import type { ContainerRecord } from "../../runtime/index.ts";

/**
 * Who has which address on the networks of the project. The owner is the container's name, so that a container that
 * takes another's place may take its address too.
 */
export class ProjectAddresses {
  readonly #pools = new Map<string, { readonly network: OwnedNetwork; readonly pool: AddressPool }>();
  readonly #shared: SharedAddresses | undefined;

  /** `shared`: where addresses of networks that are not the project's alone come from. */
  constructor(shared?: SharedAddresses) {
    this.#shared = shared;
  }

  /** Goes by these networks from now on; containers that were there already keep what they have. */
  follow(networks: readonly OwnedNetwork[], records: Iterable<ContainerRecord>): void {
    const current = new Map(networks.map((network) => [network.name, network]));
    for (const [name, { network }] of this.#pools) {
      if (current.get(name)?.configHash !== network.configHash) this.#pools.delete(name);
    }
    const added = [...current].filter(([name]) => !this.#pools.has(name));
    for (const [name, network] of added) this.#pools.set(name, { network, pool: new AddressPool(network) });
    if (added.length === 0) return;
    const known = [...records];
    for (const record of known) for (const [name] of added) this.#readmit(name, record);
    for (const [name, { shared }] of added) {
      const there = known.filter(({ networks }) => networks.some((place) => place.name === name));
      if (shared) this.#shared?.retain(name, new Set(there.map((record) => record.name)));
    }
  }

  /** Keeps the addresses that the files give to services, so that nobody else gets them. */
  reserve(project: Project, owner: (service: string) => string): void {
    for (const [serviceName, service] of Object.entries(project.services)) {
      for (const [key, wanted] of Object.entries(service.networks ?? {})) {
        if (!wanted?.ipv4_address && !wanted?.ipv6_address) continue;
        this.#pools.get(project.networks[key]?.name ?? "")?.pool.reserve(owner(serviceName), wanted);
      }
    }
  }

  /** The addresses wanted, else those had before if they still can be had, else the lowest free ones. */
  take(network: OwnedNetwork, owner: string, wanted: WantedAddresses, before: readonly string[]): string[] {
    const { pool } = this.#pools.get(network.name)!;
    const isGiven = wanted.ipv4_address !== undefined || wanted.ipv6_address !== undefined;
    if (network.shared && this.#shared) {
      const shared = this.#shared;
      const take = (_owner: string, addresses: WantedAddresses) => shared.take(network, owner, addresses);
      return (!isGiven && retake({ take }, owner, before)) || shared.take(network, owner, wanted);
    }
    return (!isGiven && retake(pool, owner, before)) || pool.take(owner, wanted);
  }

  /** Gives back what the container had. */
  release({
    name,
    networks,
  }: {
    readonly name: string;
    readonly networks: readonly Pick<ContainerRecord["networks"][number], "name" | "addresses">[];
  }): void {
    for (const network of networks) {
      const known = this.#pools.get(network.name);
      if (known?.network.shared) this.#shared?.release(network.name, name);
      else known?.pool.release(name, network.addresses);
    }
  }

  #readmit(network: string, { name, networks }: ContainerRecord): void {
    const had = networks.find((one) => one.name === network);
    if (had) retake(this.#pools.get(network)!.pool, name, had.addresses);
  }
}

/** The same addresses again; undefined when they are not of this network any more, or somebody else's. */
function retake(
  pool: Pick<AddressPool, "take">,
  owner: string,
  addresses: readonly string[],
): string[] | undefined {
  if (addresses.length === 0) return undefined;
  try {
    return pool.take(owner, {
      ipv4_address: addresses.find((address) => !address.includes(":")),
      ipv6_address: addresses.find((address) => address.includes(":")),
    });
  } catch (error) {
    if (error instanceof GantryError) return undefined;
    throw error;
  }
}
