import { readStatusFile } from "../../lib/status-file.ts";
import {
  type BoundPort,
  findPortHolder,
  type KeeperClient,
  publishPorts,
  unpublishPorts,
} from "../../net/index.ts";
import { portRequests } from "../../project/index.ts";
import type { ContainerRecord } from "../../runtime/index.ts";

/** The published ports of the project's containers: listeners that the keeper holds on the host. */
export class PublishedPorts {
  readonly #keeper: KeeperClient;
  readonly #keeperStatus: string;
  readonly #bound = new Map<string, readonly BoundPort[]>();

  constructor(keeper: KeeperClient, keeperStatus: string) {
    this.#keeper = keeper;
    this.#keeperStatus = keeperStatus;
  }

  /**
   * Binds what the container publishes, all or none. What is bound already, by this supervisor or by an earlier one
   * with the same keeper, leads to the container again.
   */
  async publish(
    record: ContainerRecord,
    addresses: readonly string[],
    previous: readonly BoundPort[] = [],
  ): Promise<readonly BoundPort[]> {
    if (record.ports.length === 0 || addresses.length === 0) return [];
    const known = this.#bound.get(record.id);
    if (known) return known;
    const target = { id: record.id, name: record.name, addresses, findHolder: this.#findHolder };
    const bound = await publishPorts(this.#keeper, target, portRequests(record.ports), previous);
    this.#bound.set(record.id, bound);
    return bound;
  }

  async unpublish(record: ContainerRecord): Promise<void> {
    if (!this.#bound.delete(record.id)) return;
    await unpublishPorts(this.#keeper, record.id, record.ports.length);
  }

  /** The keeper's listener is in the host's network namespace, where the ports are. */
  readonly #findHolder = (protocol: "tcp" | "udp", address: string, port: number) => {
    const namespacePid = readStatusFile(this.#keeperStatus)?.["listener_pid"] ?? process.pid;
    return findPortHolder({ procRoot: "/proc", namespacePid, protocol, address, port });
  };
}
