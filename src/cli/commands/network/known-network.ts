import { createHash } from "node:crypto";
import type { Database } from "../../../lib/database.ts";
import { GantryError } from "../../../lib/diagnostic.ts";
import type { AllocatedNetwork } from "../../../net/index.ts";
import {
  addressRows,
  listSharedNetworks,
  projectContainers,
  projectNames,
  readProject,
  usersOf,
} from "../../../project/index.ts";
import type { Session } from "../../session.ts";

/** A network as the commands show it: shared, or one of a project's own. */
export type KnownNetwork = {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly shared: boolean;
  readonly attachable: boolean;
  readonly project?: string;
  readonly allocated: Omit<AllocatedNetwork, "bridge">;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly created?: number;
  /** Living projects on it. */
  readonly users: readonly string[];
};

/** All networks, by name. */
export function knownNetworks(session: Session, database: Database): KnownNetwork[] {
  const shared = listSharedNetworks(database).map(
    (network): KnownNetwork => ({
      ...network,
      shared: true,
      users: projectsOn(session, database, network.name),
    }),
  );
  const own = projectNames(session.roots).flatMap((project) =>
    (readProject(session.roots, project)?.networks ?? [])
      .filter((network) => !network.shared)
      .map(
        (network): KnownNetwork => ({
          // Those of a project need no identity but their name; people expect one.
          id: createHash("sha256").update(network.name).digest("hex"),
          name: network.name,
          driver: "bridge",
          shared: false,
          attachable: false,
          project,
          allocated: network,
          options: {},
          labels: { "com.docker.compose.network": network.key, "com.docker.compose.project": project },
          users: [project],
        }),
      ),
  );
  return [...shared, ...own].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * The projects on a shared network: those whose keeper lives, and those whose containers have outlived theirs and will
 * be on it again with the next one.
 */
function projectsOn(session: Session, database: Database, network: string): string[] {
  const living = usersOf(database, network);
  const others = new Set(addressRows(database, network).map(({ project }) => project));
  const orphaned = [...others].filter(
    (project) =>
      !living.includes(project) &&
      projectContainers(session.roots, project).some(
        ({ status, record }) =>
          (status === "running" || status === "paused") &&
          record.networks.some(({ name }) => name === network),
      ),
  );
  return [...living, ...orphaned].sort();
}

/** The network of that name, or whose id begins so. */
export function findKnown(networks: readonly KnownNetwork[], which: string): KnownNetwork {
  const found =
    networks.find(({ name }) => name === which) ??
    (/^[0-9a-f]{4,64}$/.test(which) ? networks.find(({ id }) => id.startsWith(which)) : undefined);
  if (found) return found;
  throw new GantryError("network-missing", `network ${which} not found`, {
    hint: "`gantry network ls` lists the networks there are",
  });
}

/** The containers on a network, by id, as Docker shows them. */
export function containersOn(
  session: Session,
  database: Database,
  network: KnownNetwork,
): Readonly<Record<string, object>> {
  const projects = network.shared
    ? [...new Set(addressRows(database, network.name).map(({ project }) => project))]
    : [network.project!];
  const prefixOf = (address: string) => {
    const { subnet, ipv6 } = network.allocated;
    const side = subnet.includes(":") === address.includes(":") ? subnet : (ipv6?.subnet ?? "");
    return `${address}/${side.split("/")[1]}`;
  };
  const on = projects
    .flatMap((project) => projectContainers(session.roots, project))
    .filter(({ status }) => status === "running" || status === "paused")
    .flatMap(({ record }) => {
      const place = record.networks.find(({ name }) => name === network.name);
      return place ? [{ record, place }] : [];
    });
  return Object.fromEntries(
    on.map(({ record, place }) => {
      const address = (ipv6: boolean) => place.addresses.find((text) => text.includes(":") === ipv6);
      return [
        record.id,
        {
          Name: record.name,
          EndpointID: "",
          MacAddress: place.macAddress,
          IPv4Address: address(false) ? prefixOf(address(false)!) : "",
          IPv6Address: address(true) ? prefixOf(address(true)!) : "",
        },
      ];
    }),
  );
}
