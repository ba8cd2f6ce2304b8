import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Network, Service, Volume } from "../../compose/index.ts";
import { type Database, openDatabase } from "../../lib/database.ts";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import { readStatusFile } from "../../lib/status-file.ts";
import {
  allocateNetworks,
  bridgeName,
  hostRoutes,
  KeeperClient,
  parseCidr,
  requireApart,
} from "../../net/index.ts";
import {
  type Contents,
  createVolume,
  hashNetwork,
  listVolumes,
  type OwnedNetwork,
  type ProjectRecord,
  readVolume,
  removeProject,
  removeVolume,
  translateContainer,
  translateUpdate,
  writeProject,
} from "../../project/index.ts";
import {
  ContainerCgroup,
  type ContainerRecord,
  type ContainerState,
  forgetLogs,
  type HookSetting,
  keepLog,
  type ProbeResult,
  writeRecord,
} from "../../runtime/index.ts";
import type { StartedProgram, StartOptions } from "../containers/runtime-door.ts";
import type { ContainerRequest, ProjectDoor } from "../project-door.ts";
import {
  type Connection,
  type ConnectOptions,
  carryOutInside,
  connected,
  disconnected,
} from "./connections.ts";
import { ContainerHost } from "./container-host.ts";
import { provideContents, refreshContents } from "./contents.ts";
import { endpointsOf, publishedAddresses, recordNetworks } from "./endpoints.ts";
import { Island } from "./island.ts";
import { makeMountSources, removeAnonymousVolumes } from "./mount-sources.ts";
import { Names } from "./names.ts";
import { Neighbours } from "./neighbours.ts";
import { ProjectAddresses } from "./project-addresses.ts";
import { PublishedPorts } from "./published-ports.ts";
import { SharedNetworks } from "./shared-networks.ts";

/** The project's door to the real kernel: runtime, network, disk. */
export class HostDoor implements ProjectDoor {
  readonly #roots: Roots;
  readonly #name: string;
  readonly #version: string;
  readonly #neighbours: Neighbours;
  readonly #containers: ContainerHost;
  readonly #island: Island;
  readonly #names: Names;
  readonly #ports: PublishedPorts;
  readonly #shared: SharedNetworks;
  readonly #addresses: ProjectAddresses;
  readonly #records = new Map<string, ContainerRecord>();
  readonly #keeperStatus: string;
  #database: Database | undefined;

  constructor(roots: Roots, name: string, version: string, networks: readonly OwnedNetwork[]) {
    const directory = projectRunDirectory(roots, name);
    const keeper = new KeeperClient(join(directory, "keeper.sock"));
    this.#roots = roots;
    this.#name = name;
    this.#version = version;
    this.#keeperStatus = join(directory, "keeper");
    this.#neighbours = new Neighbours(roots, this.#keeperStatus, this.#records);
    this.#containers = new ContainerHost(roots, this.#neighbours);
    this.#shared = new SharedNetworks(roots, name, this.#keeperStatus, () => this.#openDatabase());
    this.#addresses = new ProjectAddresses(this.#shared.addresses);
    this.#island = new Island(networks, async (applied) => {
      await this.#shared.join(applied);
      await this.#names.serve(applied);
    });
    this.#names = new Names(keeper, this.#shared);
    this.#ports = new PublishedPorts(keeper, this.#keeperStatus);
  }

  /** Takes over the containers that are there already. */
  know(records: readonly ContainerRecord[]): void {
    for (const record of records) this.#records.set(record.id, record);
    this.#addresses.follow(this.#island.networks, records);
  }

  /** Takes over a container that runs already: its names and ports are to be as they were. */
  async resume(
    record: ContainerRecord,
    before: ContainerState["ports"],
  ): Promise<Omit<StartedProgram, "warnings"> | undefined> {
    const program = await this.#containers.connect(record);
    if (!program) return undefined;
    await this.#island.ready();
    const addresses = publishedAddresses(record, this.#island.networks);
    const ports = await this.#ports.publish(record, addresses, before);
    this.#names.add(record);
    return { program, ports };
  }

  isFrozen(record: ContainerRecord): boolean {
    return this.#containers.isFrozen(record);
  }

  async createContainer(request: ContainerRequest): Promise<ContainerRecord> {
    this.#addresses.follow(request.networks, this.#records.values());
    const networks = recordNetworks(request, this.#addresses);
    try {
      const { record, settings, mounts } = translateContainer({
        ...request,
        roots: this.#roots,
        version: this.#version,
        networks,
        files: this.#names.files(request, networks),
        inherited: request.renewAnonymousVolumes ? [] : (request.replaces?.mounts ?? []),
        volumeOptions: (volume) => readVolume(this.#openDatabase(), volume)?.options,
        recordOf: (which) => this.#neighbours.recordOf(which),
      });
      await makeMountSources(this.#roots, request.serviceName, mounts);
      this.#containers.create(record, settings, request.service);
      this.#records.set(record.id, record);
      return record;
    } catch (error) {
      if (!request.replaces) this.#addresses.release({ name: request.name, networks });
      throw error;
    }
  }

  async updateContainer(
    before: ContainerRecord,
    service: Service,
    hashes: Pick<ContainerRecord, "configHash" | "configFields">,
  ): ReturnType<ProjectDoor["updateContainer"]> {
    const { record, limits } = translateUpdate(before, service);
    // The limits first: a command that is broken off between finds that they have to be given once more.
    const warnings = this.#containers.update(before, limits);
    const updated = { ...record, ...hashes };
    writeRecord(this.#roots, updated);
    this.#records.set(updated.id, updated);
    return { record: updated, warnings };
  }

  provideContents(record: ContainerRecord, contents: Contents): void {
    provideContents(this.#roots, record, contents);
  }

  async start(record: ContainerRecord, options: StartOptions): Promise<StartedProgram> {
    refreshContents(this.#roots, record);
    await this.#island.ready();
    const { networks } = this.#island;
    const ports = await this.#ports.publish(record, publishedAddresses(record, networks), options.ports);
    try {
      const started = await this.#containers.launch(
        record,
        endpointsOf(record, networks, this.#neighbours.hostNetwork()),
        options.hold,
      );
      this.#names.add(record);
      return { ...started, ports };
    } catch (error) {
      await this.#ports.unpublish(record);
      throw error;
    }
  }

  async release(record: ContainerRecord): Promise<void> {
    this.withdraw(record);
    await this.#ports.unpublish(record);
  }

  withdraw(record: ContainerRecord): void {
    this.#names.remove(record);
    // Another runtime's container does not end with its monitor.
    if (record.sharesProcesses || record.runtime) this.#containers.killRest(record);
  }

  pause(record: ContainerRecord): void {
    this.#containers.freeze(record);
  }

  unpause(record: ContainerRecord): void {
    this.#containers.thaw(record);
  }

  canHandle(pid: number, signal: number): boolean {
    return this.#containers.canHandle(pid, signal);
  }

  memory(record: ContainerRecord): ReturnType<ProjectDoor["memory"]> {
    return ContainerCgroup.of(record).usage.memory;
  }

  probe(record: ContainerRecord): Promise<ProbeResult> {
    return this.#containers.probe(record);
  }

  runHook(record: ContainerRecord, hook: HookSetting): ReturnType<ProjectDoor["runHook"]> {
    return this.#containers.runHook(record, hook);
  }

  saveState(record: ContainerRecord, state: ContainerState): void {
    this.#containers.saveState(record, state);
  }

  async remove(record: ContainerRecord, keptLog: boolean): Promise<void> {
    await this.release(record);
    if (keptLog) keepLog(this.#roots, record);
    await this.#containers.remove(record);
    this.#records.delete(record.id);
    const others = [...this.#records.values()];
    await removeAnonymousVolumes(this.#roots, record, others);
    if (!others.some(({ name }) => name === record.name)) this.#addresses.release(record);
  }

  allocateNetwork(
    key: string,
    model: Readonly<Record<string, Network>>,
    owned: readonly OwnedNetwork[],
  ): OwnedNetwork {
    const definition = model[key]!;
    const configHash = hashNetwork(definition);
    const routes = this.#hostRoutes();
    if (isShared(definition)) {
      const bridge = bridgeName(key, new Set(owned.map((network) => network.bridge)));
      const allocated = this.#shared.allocate({ key, bridge }, definition, routes);
      requireApart(allocated, owned);
      return { ...allocated, configHash, definition, ...(definition.external && { external: true }) };
    }
    const known = new Set(owned.map((network) => network.key));
    const missing = Object.entries(model).filter(([other, each]) => !known.has(other) && !isShared(each));
    const allocated = allocateNetworks({
      project: this.#name,
      networks: Object.fromEntries(missing),
      existing: owned,
      routes: [...routes, ...this.#shared.subnets().map((subnet) => parseCidr(subnet)!)],
    });
    return { ...allocated.find((network) => network.key === key)!, configHash, definition };
  }

  async connect(
    record: ContainerRecord,
    network: OwnedNetwork,
    options: ConnectOptions,
  ): Promise<ContainerRecord> {
    const wanted = { ipv4_address: options.ipv4Address, ipv6_address: options.ipv6Address };
    const addresses = this.#addresses.take(network, record.name, wanted, []);
    try {
      return await this.#reconnect(
        connected(record, network, this.#island.networks, {
          ...options,
          addresses,
          host: this.#neighbours.hostNetwork(),
        }),
      );
    } catch (error) {
      this.#addresses.release({ name: record.name, networks: [{ name: network.name, addresses }] });
      throw error;
    }
  }

  async disconnect(record: ContainerRecord, network: string): Promise<ContainerRecord> {
    const rest = await this.#reconnect(disconnected(record, network, this.#island.networks));
    const left = record.networks.filter(({ name }) => name === network);
    this.#addresses.release({ name: record.name, networks: left });
    return rest;
  }

  async #reconnect({ record, ops }: Connection): Promise<ContainerRecord> {
    const { process } = this.#containers.status(record);
    // Written first: what is made for it is then known to be the container's.
    writeRecord(this.#roots, record);
    await carryOutInside(process, ops);
    this.#records.set(record.id, record);
    if (process) {
      this.#names.remove(record);
      this.#names.add(record);
    }
    return record;
  }

  async leaveNetwork(network: OwnedNetwork): Promise<void> {
    if (network.shared) await this.#shared.leave(network, this.#island.networks.length > 0);
  }

  sharedNetworkNames(): ReadonlySet<string> {
    return this.#shared.all();
  }

  wantNetworks(networks: readonly OwnedNetwork[]): void {
    this.#addresses.follow(networks, this.#records.values());
    this.#island.want(networks);
  }

  async applyNetworks(networks: readonly OwnedNetwork[]): Promise<void> {
    this.#addresses.follow(networks, this.#records.values());
    await this.#island.apply(networks);
  }

  createVolume(key: string, volume: Volume): Promise<void> {
    return createVolume(this.#roots, this.#openDatabase(), { project: this.#name, key }, volume);
  }

  removeVolume(name: string): Promise<void> {
    return removeVolume(this.#roots, this.#openDatabase(), name);
  }

  volumeNames(): ReadonlySet<string> {
    return new Set(listVolumes(this.#openDatabase()).map(({ name }) => name));
  }

  writeProject(record: ProjectRecord): Promise<void> {
    return writeProject(this.#roots, record);
  }

  forgetLogs(): void {
    forgetLogs(this.#roots, this.#name);
  }

  async removeProject(keeps?: "record"): Promise<void> {
    if (!keeps) await removeProject(this.#roots, this.#name);
    await rm(projectRunDirectory(this.#roots, this.#name), { recursive: true, force: true });
  }

  lastLogLines(record: ContainerRecord, count: number): Promise<readonly string[]> {
    return this.#containers.lastLogLines(record, count);
  }

  #openDatabase(): Database {
    this.#database ??= openDatabase(this.#roots);
    return this.#database;
  }

  /** The keeper's listener is in the host's network namespace. */
  #hostRoutes() {
    const pid = readStatusFile(this.#keeperStatus)?.["listener_pid"];
    const read = (table: string) => (pid ? readFileSync(`/proc/${pid}/net/${table}`, "latin1") : "");
    return hostRoutes(read("route"), read("ipv6_route"));
  }
}

/** Whether several projects may be on it: made by hand, or by this project for others too. */
const isShared = ({ external, attachable }: Network) => external === true || attachable === true;
