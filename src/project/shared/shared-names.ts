import type { Database } from "../../lib/database.ts";
import { isAlive } from "../../lib/process-identity.ts";
import type { NamedContainer } from "../../net/index.ts";

/**
 * The table in which each project writes the names of its running containers on shared networks, for the name servers
 * of the other projects there.
 */
export class SharedNames {
  readonly #database: () => Database;
  readonly #project: string;

  constructor(database: () => Database, project: string) {
    this.#database = database;
    this.#project = project;
  }

  /** Writes the names of a running container down, as they are on those networks. */
  publish(container: NamedContainer, networks: ReadonlySet<string>): void {
    for (const place of container.networks) {
      if (!networks.has(place.network)) continue;
      const { links: _links, resolvers: _resolvers, ...known } = container;
      this.#database().run(
        "INSERT OR REPLACE INTO shared_names (network, container, project, entry) VALUES (?, ?, ?, ?)",
        place.network,
        container.id,
        this.#project,
        JSON.stringify({ ...known, networks: [place] }),
      );
    }
  }

  /** Takes a container's names back. */
  withdraw(container: string): void {
    this.#database().run("DELETE FROM shared_names WHERE container = ?", container);
  }

  /** Takes back the names of all containers of the project: what an earlier supervisor wrote may be no more. */
  withdrawAll(): void {
    this.#database().run("DELETE FROM shared_names WHERE project = ?", this.#project);
  }

  /** Changes whenever another process has written to the database. */
  get version(): number {
    return this.#database().get<{ data_version: number }>("PRAGMA data_version")?.data_version ?? 0;
  }

  /** The containers of other living projects on these networks. One on several is there once for each. */
  others(networks: readonly string[]): NamedContainer[] {
    return networks.flatMap((network) =>
      this.#database()
        .all<{ entry: string; pid: number; startTime: number }>(
          `SELECT entry, pid, start_time AS startTime FROM shared_names
           JOIN shared_members USING (network, project) WHERE network = ? AND project <> ?`,
          network,
          this.#project,
        )
        .filter(isAlive)
        .map(({ entry }) => JSON.parse(entry) as NamedContainer),
    );
  }
}
