import type { Service } from "../../compose/index.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import {
  type Attachment,
  bridged,
  containerEndpoints,
  defaultRouteOf,
  type Endpoint,
  interfaceSysctls,
} from "../../net/index.ts";
import { networkKeys, type OwnedNetwork } from "../../project/index.ts";
import type { ContainerRecord } from "../../runtime/index.ts";
import type { ContainerRequest } from "../project-door.ts";
import type { ProjectAddresses } from "./project-addresses.ts";

/** The networks of a new container, with the addresses it gets, as its record keeps them. */
export function recordNetworks(
  request: ContainerRequest,
  addresses: ProjectAddresses,
): ContainerRecord["networks"] {
  const { service, project, name } = request;
  const owned = new Map(request.networks.map((network) => [network.key, network]));
  addresses.reserve(project, (other) => firstContainerName(request, other));
  const main = mainNetwork(service);
  const attachments = networkKeys(service).map((key): Attachment => {
    const network = owned.get(key)!;
    const options = service.networks?.[key] ?? {};
    const before = request.replaces?.networks.find((one) => one.name === network.name)?.addresses ?? [];
    return {
      network,
      // A one-off does not take the address that the files give to the service's own container.
      addresses: addresses.take(network, name, request.oneOff ? {} : options, before),
      macAddress: options.mac_address ?? (key === main ? service.mac_address : undefined),
      interfaceName: options.interface_name ?? options.driver_opts?.["com.docker.network.endpoint.ifname"],
      sysctls: interfaceSysctls(options.driver_opts?.["com.docker.network.endpoint.sysctls"]),
      gatewayPriority: options.gw_priority,
      priority: options.priority,
    };
  });
  const places = new Map(attachments.map((attachment) => [attachment.network.name, attachment]));
  const keys = new Map(request.networks.map((network) => [network.name, network.key]));
  return containerEndpoints(request.id, attachments).map(({ network, ops: _ops, ...endpoint }) => ({
    ...endpoint,
    name: network,
    aliases: aliases(request, keys.get(network)!),
    gatewayPriority: places.get(network)?.gatewayPriority,
    sysctls: places.get(network)?.sysctls,
  }));
}

/** The interfaces of a container as its record has them, to be made when it starts. */
export function endpointsOf(
  record: ContainerRecord,
  networks: readonly OwnedNetwork[],
  host: ProcessIdentity | undefined,
): Endpoint[] {
  return containerEndpoints(record.id, attachmentsOf(record, networks), host);
}

/**
 * Where published ports of the container lead; nowhere when it is on internal networks only. One that is on the host's
 * own network, by macvlan or ipvlan, has all its ports there.
 */
export function publishedAddresses(
  record: ContainerRecord,
  networks: readonly OwnedNetwork[],
): readonly string[] {
  return defaultRouteOf(attachmentsOf(record, bridged(networks)))?.addresses ?? [];
}

/** A container's places on those of its networks that are there. */
export function attachmentsOf(record: ContainerRecord, networks: readonly OwnedNetwork[]): Attachment[] {
  const byName = new Map(networks.map((network) => [network.name, network]));
  return record.networks.flatMap(({ name, ...place }) => {
    const network = byName.get(name);
    return network ? [{ network, ...place }] : [];
  });
}

/** The network that the service's own `mac_address` is for: the one that is connected first. */
function mainNetwork(service: Service): string | undefined {
  const priority = (key: string) => service.networks?.[key]?.priority ?? 0;
  return networkKeys(service).toSorted(
    (one, other) => priority(other) - priority(one) || (one < other ? -1 : 1),
  )[0];
}

function aliases(request: ContainerRequest, network: string): string[] {
  const { service, serviceName, id, oneOff, useAliases } = request;
  const own = service.networks?.[network]?.aliases ?? [];
  return [...new Set([...(oneOff && !useAliases ? [] : [serviceName, ...own]), id.slice(0, 12)])];
}

function firstContainerName({ project, nameSeparator }: ContainerRequest, service: string): string {
  return project.services[service]!.container_name ?? [project.name, service, 1].join(nameSeparator ?? "-");
}
