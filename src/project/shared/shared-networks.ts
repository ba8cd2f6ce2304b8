import { randomBytes } from "node:crypto";
import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { isAlive } from "../../lib/process-identity.ts";
import { type AllocatedNetwork, allocateShared, type NetworkDefinition } from "../../net/index.ts";

/** A network that several projects of one root directory may be on (docs/networks.md). */
export type SharedNetwork = {
  /** 64 hex digits, as Docker's. */
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly attachable: boolean;
  /** What it is made of; the gateway is the one asked for, while each project on it has an address of its own. */
  readonly allocated: Omit<AllocatedNetwork, "bridge">;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly created: number;
  /** The project that made it with `attachable: true`; absent: made by hand. */
  readonly project?: string;
};

/** What a network is made from. */
export type SharedNetworkRequest = {
  readonly name: string;
  readonly definition: NetworkDefinition;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly project?: string;
  /** Destinations of the host's routes: see hostRoutes. */
  readonly routes: Parameters<typeof allocateShared>[0]["routes"];
};

type Row = {
  readonly name: string;
  readonly definition: string;
  readonly labels: string;
  readonly created: number;
};

/** All of them, by name. */
export function listSharedNetworks(database: Database): SharedNetwork[] {
  return database
    .all<Row>("SELECT name, definition, labels, created FROM shared_networks ORDER BY name")
    .map(toNetwork);
}

/** The network of that name, undefined when there is none. */
export function findSharedNetwork(database: Database, name: string): SharedNetwork | undefined {
  const row = database.get<Row>(
    "SELECT name, definition, labels, created FROM shared_networks WHERE name = ?",
    name,
  );
  return row && toNetwork(row);
}

/** Makes a network: a row, no more. Its bridges come with the projects that join it. Throws when the name is taken. */
export function createSharedNetwork(database: Database, request: SharedNetworkRequest): SharedNetwork {
  const { name, definition, labels, project } = request;
  return database.durableTransaction(() => {
    const existing = listSharedNetworks(database);
    if (existing.some((other) => other.name === name)) throw nameTaken(name);
    const network: SharedNetwork = {
      id: randomBytes(32).toString("hex"),
      name,
      driver: definition.driver ?? "bridge",
      attachable: request.attachable,
      allocated: allocateShared({
        name,
        definition,
        existing: existing.map(({ allocated }) => allocated),
        routes: request.routes,
      }),
      options: definition.driver_opts ?? {},
      labels,
      created: Date.now(),
      ...(project && { project }),
    };
    const { labels: _labels, created, name: _name, ...rest } = network;
    database.run(
      "INSERT INTO shared_networks (name, definition, labels, created) VALUES (?, ?, ?, ?)",
      name,
      JSON.stringify(rest),
      JSON.stringify(labels),
      created,
    );
    return network;
  });
}

/** Removes a network that no living project is on, and what is remembered of those that were. */
export function removeSharedNetwork(database: Database, name: string): void {
  database.durableTransaction(() => {
    const users = usersOf(database, name);
    if (users.length > 0) throw networkInUse(name, users);
    for (const table of ["shared_names", "shared_addresses", "shared_members"])
      database.run(`DELETE FROM ${table} WHERE network = ?`, name);
    database.run("DELETE FROM shared_networks WHERE name = ?", name);
  });
}

/** The projects that are on a network and live. */
export function usersOf(database: Database, name: string): string[] {
  return database
    .all<{ project: string; pid: number; startTime: number }>(
      "SELECT project, pid, start_time AS startTime FROM shared_members WHERE network = ? ORDER BY project",
      name,
    )
    .filter(isAlive)
    .map(({ project }) => project);
}

function toNetwork({ name, definition, labels, created }: Row): SharedNetwork {
  return { ...JSON.parse(definition), name, labels: JSON.parse(labels), created };
}

function nameTaken(name: string): GantryError {
  return new GantryError("network-exists", `network with name ${name} already exists`, {
    hint: `\`gantry network inspect ${name}\` shows it`,
  });
}

/** What a network that is still wanted is not removed with. */
export function networkInUse(name: string, users: readonly string[]): GantryError {
  return new GantryError("network-in-use", `network ${name} is in use by ${users.join(", ")}`, {
    hint: `take ${users.length === 1 ? "this project" : "these projects"} down first`,
  });
}
