import { readIfPresent } from "../../lib/status-file.ts";
import {
  bridged,
  containerNames,
  HostResolvers,
  hostsFile,
  type KeeperClient,
  LayeredZones,
  type NamedContainer,
  NameServer,
  parseResolvConf,
  Resolver,
  resolvConf,
  sidesOf,
  withExtraHosts,
  Zones,
} from "../../net/index.ts";
import { containerHostname, type OwnedNetwork } from "../../project/index.ts";
import type { ContainerRecord, ExtraFile } from "../../runtime/index.ts";
import type { ContainerRequest } from "../project-door.ts";
import type { SharedNetworks } from "./shared-networks.ts";
import { uplinkGateway } from "./uplink-gateway.ts";

const RESOLV_CONF = "/etc/resolv.conf";

/** Names of the project: who has which, asked for by containers, and what each container is told about it. */
export class Names {
  readonly #zones: Zones;
  readonly #layered: LayeredZones;
  readonly #shared: SharedNetworks;
  readonly #server: NameServer;
  readonly #hostAddress = process.env["GANTRY_HOST_ADDRESS"] ?? uplinkGateway();
  #networks: readonly OwnedNetwork[] = [];
  #services: readonly string[] = [];

  constructor(keeper: KeeperClient, shared: SharedNetworks) {
    this.#shared = shared;
    this.#zones = new Zones({ networks: [], declaredNames: [], hostAddress: this.#hostAddress });
    const host = new HostResolvers(keeper, readHostResolvConf);
    this.#layered = new LayeredZones(this.#zones, () => shared.others());
    this.#server = new NameServer(new Resolver(this.#layered, () => host.upstreams()));
  }

  /** Names that are the project's even while no container has them. */
  declare(services: readonly string[]): void {
    this.#services = services;
    this.#configure();
  }

  /** Serves on the gateways of these networks, which exist. */
  async serve(networks: readonly OwnedNetwork[]): Promise<void> {
    this.#networks = networks;
    this.#configure();
    this.#layered.configure(networks.filter(({ shared }) => shared));
    const gateways = bridged(networks).flatMap((network) => sidesOf(network).map(({ gateway }) => gateway));
    await this.#server.listenOn(gateways);
  }

  #configure(): void {
    const hostAddress = this.#hostAddress;
    this.#zones.configure({ networks: this.#networks, declaredNames: this.#services, hostAddress });
  }

  add(record: ContainerRecord): void {
    const container = named(record);
    this.#zones.set(container);
    this.#shared.publish(container);
  }

  remove(record: ContainerRecord): void {
    this.#zones.remove(record.id);
    this.#shared.withdraw(named(record));
  }

  /** /etc/hosts, /etc/resolv.conf and /etc/hostname of a new container. */
  files(
    { service, id, networks }: ContainerRequest,
    places: ContainerRecord["networks"],
  ): readonly ExtraFile[] {
    // Who shares a network has the files of whom it belongs to.
    if (/^(?:service|container):/.test(service.network_mode ?? "")) return [];
    const hostname = containerHostname(service, id);
    if (service.network_mode === "host") return hostFiles(hostname, service.extra_hosts, this.#hostAddress);
    const gateways = new Map(bridged(networks).map(({ name, gateway }) => [name, gateway]));
    const hosts = hostsFile({
      hostname,
      domainname: service.domainname,
      addresses: places.flatMap(({ addresses }) => addresses),
      extraHosts: service.extra_hosts,
      hostAddress: this.#hostAddress,
    });
    const host = parseResolvConf(readHostResolvConf());
    const server = places.map(({ name }) => gateways.get(name)).find((gateway) => gateway !== undefined);
    const resolv = resolvConf({
      nameservers: server ? [server] : service.dns?.length ? service.dns : host.nameservers,
      ours: server !== undefined,
      host,
      dnsSearch: service.dns_search,
      dnsOptions: service.dns_opt,
    });
    return [
      { path: "/etc/hosts", content: hosts, mode: 0o644 },
      { path: RESOLV_CONF, content: resolv, mode: 0o644 },
      { path: "/etc/hostname", content: `${hostname}\n`, mode: 0o644 },
    ];
  }
}

/** On the host's network the host's own files say where everything is. */
function hostFiles(hostname: string, extraHosts: readonly string[] = [], hostAddress: string): ExtraFile[] {
  const hosts = withExtraHosts(readHostFile("/etc/hosts"), extraHosts, hostAddress);
  return [
    { path: "/etc/hosts", content: hosts, mode: 0o644 },
    { path: RESOLV_CONF, content: readHostFile(RESOLV_CONF), mode: 0o644 },
    { path: "/etc/hostname", content: `${hostname}\n`, mode: 0o644 },
  ];
}

function named({
  id,
  name,
  service,
  project,
  oneOff,
  networks,
  dns,
  links,
}: ContainerRecord): NamedContainer {
  const naming = { project, service: oneOff ? name : service, containerName: name, id };
  return {
    id,
    name,
    names: containerNames(naming),
    networks: networks.map(({ name: network, addresses, aliases }) => ({ network, addresses, aliases })),
    links,
    resolvers: dns,
  };
}

/** Read anew each time: laptops move between networks. */
const readHostResolvConf = () => readHostFile(RESOLV_CONF);

const readHostFile = (path: string) => readIfPresent(path) ?? "";
