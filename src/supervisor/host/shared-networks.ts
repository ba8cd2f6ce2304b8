import { join } from "node:path";
import type { Network } from "../../compose/index.ts";
import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Roots } from "../../lib/paths.ts";
import { withProcessLock } from "../../lib/process-lock.ts";
import { readStatusFile } from "../../lib/status-file.ts";
import {
  type AllocatedNetwork,
  type Cidr,
  joinMembers,
  leaveMembers,
  type NamedContainer,
  type NetworkMember,
} from "../../net/index.ts";
import {
  createSharedNetwork,
  findSharedNetwork,
  listSharedNetworks,
  noteMember,
  type OwnedNetwork,
  otherMembers,
  removeSharedNetwork,
  SharedAddresses,
  SharedNames,
  sharedAllocation,
  usersOf,
} from "../../project/index.ts";
import { ownLinks } from "./connections.ts";

/** Other projects' containers may die without a word: what was read of them is good for this long. */
const NAMES_GOOD_MS = 1000;

/** The project's part in the networks that it shares with others (docs/networks.md). */
export class SharedNetworks {
  readonly addresses: SharedAddresses;
  readonly #roots: Roots;
  readonly #project: string;
  readonly #keeperStatus: string;
  readonly #database: () => Database;
  readonly #names: SharedNames;
  #joined: readonly OwnedNetwork[] = [];
  #namesRead = { version: -1, at: 0 };
  #areOldNamesGone = false;

  constructor(roots: Roots, project: string, keeperStatus: string, database: () => Database) {
    this.#roots = roots;
    this.#project = project;
    this.#keeperStatus = keeperStatus;
    this.#database = database;
    this.addresses = new SharedAddresses(database, project);
    this.#names = new SharedNames(database, project);
  }

  /** Names of the networks there are. */
  all(): ReadonlySet<string> {
    return new Set(listSharedNetworks(this.#database()).map(({ name }) => name));
  }

  /** The subnets of all of them: the project's own networks keep clear of these, so that it may join any later. */
  subnets(): readonly string[] {
    return listSharedNetworks(this.#database()).flatMap(({ allocated }) => [
      allocated.subnet,
      ...(allocated.ipv6 ? [allocated.ipv6.subnet] : []),
    ]);
  }

  /** The network as it is for this project; one that the project makes for all (`attachable`) is made first. */
  allocate(
    place: { readonly key: string; readonly bridge: string },
    network: Network,
    routes: readonly Cidr[],
  ): AllocatedNetwork {
    const { name } = network;
    const database = this.#database();
    if (!network.external && !findSharedNetwork(database, name)) {
      createSharedNetwork(database, {
        name,
        definition: network,
        attachable: true,
        labels: network.labels ?? {},
        project: this.#project,
        routes,
      });
    }
    const allocated = sharedAllocation(database, this.addresses, { ...place, name });
    if (allocated) return allocated;
    throw new GantryError("network-missing", `network ${name} is gone`, {
      hint: `make it again: gantry network create ${name}`,
    });
  }

  /** Joins the bridges of these networks, which exist, to those of the other projects there. */
  async join(networks: readonly OwnedNetwork[]): Promise<void> {
    this.#joined = networks.filter(({ shared }) => shared);
    this.#namesRead = { version: -1, at: 0 };
    if (this.#joined.length === 0) return;
    // Of any two that join at once the later one sees the other.
    await withProcessLock(join(this.#roots.run, "shared-networks.lock"), async () => {
      const process = this.#keeper();
      for (const { name, bridge, mtu, direct } of this.#joined) {
        const own: NetworkMember = { project: this.#project, bridge, process };
        const others = otherMembers(this.#database(), name, this.#project);
        // Who is on an interface of the host meets the others there.
        if (!direct) await joinMembers({ network: name, mtu, own, others, existing: ownLinks() });
        noteMember(this.#database(), name, own);
      }
    });
  }

  /** Gives up the project's place on a network; what the project itself had made goes, unless others are on it. */
  async leave({ name, external }: OwnedNetwork, unlink: boolean): Promise<void> {
    const others = otherMembers(this.#database(), name, this.#project).map(({ project }) => project);
    this.addresses.leave(name);
    if (unlink) await leaveMembers(name, others);
    if (!external && usersOf(this.#database(), name).length === 0)
      removeSharedNetwork(this.#database(), name);
  }

  /** Tells the other projects what a running container is called on the networks it shares with them. */
  publish(container: NamedContainer): void {
    const names = new Set(this.#joined.map(({ name }) => name));
    if (!container.networks.some(({ network }) => names.has(network))) return;
    if (!this.#areOldNamesGone) this.#names.withdrawAll();
    this.#areOldNamesGone = true;
    this.#names.publish(container, names);
  }

  withdraw(container: NamedContainer): void {
    const names = new Set(this.#joined.map(({ name }) => name));
    if (container.networks.some(({ network }) => names.has(network))) this.#names.withdraw(container.id);
  }

  /** The containers of other projects on joined networks; undefined when nothing has changed. */
  others(): readonly NamedContainer[] | undefined {
    const { version } = this.#names;
    const now = Date.now();
    if (version === this.#namesRead.version && now - this.#namesRead.at < NAMES_GOOD_MS) return undefined;
    this.#namesRead = { version, at: now };
    return this.#names.others(this.#joined.map(({ name }) => name));
  }

  #keeper(): NetworkMember["process"] {
    const status = readStatusFile(this.#keeperStatus);
    return { pid: status?.["pid"] ?? 0, startTime: status?.["start_time"] ?? 0 };
  }
}
