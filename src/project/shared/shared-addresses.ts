import type { Database } from "../../lib/database.ts";
import { AddressPool, type AllocatedNetwork, sidesOf, type WantedAddresses } from "../../net/index.ts";
import { findSharedNetwork } from "./shared-networks.ts";

/** Who holds an address of a shared network: a container of a project, or ("") the project's own bridge. */
export type AddressHolder = { readonly project: string; readonly owner: string };

type Row = AddressHolder & { readonly address: string };

const ROUTER = "";

/** Addresses of shared networks, which several projects take from: each in one transaction of the database. */
export class SharedAddresses {
  readonly #database: () => Database;
  readonly #project: string;

  constructor(database: () => Database, project: string) {
    this.#database = database;
    this.#project = project;
  }

  /** The addresses that the container has, else those wanted, else the lowest free ones. */
  take(network: AllocatedNetwork, owner: string, wanted: WantedAddresses): string[] {
    return this.#database().transaction(() => {
      const rows = this.#rows(network.name);
      const holder = { project: this.#project, owner };
      const pool = poolOf(network, rows);
      const given = pool.take(ownerText(holder), wanted);
      for (const address of given) this.#insert(network.name, address, holder);
      return given;
    });
  }

  /**
   * The addresses of the project's own bridge on a shared network: the network's gateway for whoever comes first,
   * for others the highest free ones, out of the way of containers, whose addresses are the lowest.
   */
  takeRouter(network: Omit<AllocatedNetwork, "bridge">): string[] {
    return this.#database().transaction(() => {
      const rows = this.#rows(network.name);
      const own = rows.filter(({ project, owner }) => project === this.#project && owner === ROUTER);
      if (own.length > 0) return own.map(({ address }) => address).sort(ipv4First);
      const taken = new Set(rows.map(({ address }) => address));
      const pool = poolOf({ ...network, bridge: "" }, rows);
      const given = sidesOf(network).map(({ gateway }) => {
        if (!taken.has(gateway)) return gateway;
        return pool.takeHighest(ownerText({ project: this.#project, owner: ROUTER }), gateway.includes(":"));
      });
      for (const address of given)
        this.#insert(network.name, address, { project: this.#project, owner: ROUTER });
      return given;
    });
  }

  /** Gives back what a container had on a network. */
  release(network: string, owner: string): void {
    this.#database().run(
      "DELETE FROM shared_addresses WHERE network = ? AND project = ? AND owner = ?",
      network,
      this.#project,
      owner,
    );
  }

  /** Gives back what containers had that are there no more; the bridge's own address stays. */
  retain(network: string, owners: ReadonlySet<string>): void {
    for (const { project, owner } of this.#rows(network))
      if (project === this.#project && owner !== ROUTER && !owners.has(owner)) this.release(network, owner);
  }

  /** Gives back everything that the project had on a network. */
  leave(network: string): void {
    const database = this.#database();
    database.transaction(() => {
      for (const table of ["shared_names", "shared_addresses", "shared_members"])
        database.run(`DELETE FROM ${table} WHERE network = ? AND project = ?`, network, this.#project);
    });
  }

  #insert(network: string, address: string, { project, owner }: AddressHolder): void {
    this.#database().run(
      "INSERT OR REPLACE INTO shared_addresses (network, address, project, owner) VALUES (?, ?, ?, ?)",
      network,
      address,
      project,
      owner,
    );
  }

  #rows(network: string): Row[] {
    return addressRows(this.#database(), network);
  }
}

/** Who holds which address of a network. */
export function addressRows(database: Database, network: string): Row[] {
  return database.all<Row>(
    "SELECT address, project, owner FROM shared_addresses WHERE network = ? ORDER BY address",
    network,
  );
}

/** Everything taken on a network, as a pool: also the gateway in the definition, which is somebody's bridge. */
function poolOf(network: AllocatedNetwork, rows: readonly Row[]): AddressPool {
  const pool = new AddressPool(network);
  for (const { address, ...holder } of rows) pool.note(ownerText(holder), address);
  return pool;
}

const ownerText = ({ project, owner }: AddressHolder) =>
  owner === ROUTER ? `the gateway of project ${project}` : owner;

const ipv4First = (left: string, right: string) => Number(left.includes(":")) - Number(right.includes(":"));

/** The network's definition with the project's own bridge on it. */
export function sharedAllocation(
  database: Database,
  addresses: SharedAddresses,
  place: { readonly key: string; readonly name: string; readonly bridge: string },
): AllocatedNetwork | undefined {
  const shared = findSharedNetwork(database, place.name);
  if (!shared) return undefined;
  const { allocated } = shared;
  // The gateway is a router out there, and nobody's bridge.
  if (allocated.direct) return { ...allocated, ...place, shared: true };
  const [first, second] = addresses.takeRouter(allocated);
  return {
    ...allocated,
    ...place,
    gateway: first!,
    ...(allocated.ipv6 && { ipv6: { ...allocated.ipv6, gateway: second! } }),
    shared: true,
  };
}
