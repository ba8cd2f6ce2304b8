import { readFileSync } from "node:fs";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import { type Attachment, addedEndpoint, applyInside, removedEndpointOps } from "../../net/index.ts";
import type { OwnedNetwork } from "../../project/index.ts";
import type { ContainerRecord } from "../../runtime/index.ts";
import { attachmentsOf } from "./endpoints.ts";

/** How a container is to be on a network that it is connected to by hand. */
export type ConnectOptions = {
  readonly aliases: readonly string[];
  readonly ipv4Address?: string;
  readonly ipv6Address?: string;
  readonly macAddress?: string;
  readonly gatewayPriority?: number;
};

/** A container with one network more or less, and what has to be done inside it for that. */
export type Connection = {
  readonly record: ContainerRecord;
  readonly ops: Parameters<typeof applyInside>[1];
};

/** The container on one network more, with these addresses there. */
export function connected(
  record: ContainerRecord,
  network: OwnedNetwork,
  networks: readonly OwnedNetwork[],
  options: ConnectOptions & { readonly addresses: readonly string[]; readonly host?: ProcessIdentity },
): Connection {
  const { aliases, addresses, macAddress, gatewayPriority } = options;
  const interfaceName = firstUnused(record.networks.map((place) => place.interfaceName));
  const added: Attachment = { network, addresses, macAddress, gatewayPriority, interfaceName };
  const endpoint = addedEndpoint(record.id, added, attachmentsOf(record, networks), {
    links: ownLinks(),
    host: options.host,
  });
  const { network: name, ops, ...place } = endpoint;
  const known = [...new Set([...aliases, record.id.slice(0, 12)])];
  return {
    record: {
      ...record,
      networks: [...record.networks, { ...place, name, aliases: known, gatewayPriority }],
    },
    ops,
  };
}

/** The container on one network less. */
export function disconnected(
  record: ContainerRecord,
  name: string,
  networks: readonly OwnedNetwork[],
): Connection {
  const place = record.networks.find((one) => one.name === name);
  if (!place)
    throw new GantryError("not-connected", `container ${record.name} is not on network ${name}`, {
      hint: `it is on ${record.networks.map((one) => one.name).join(", ") || "none"}`,
    });
  const rest = { ...record, networks: record.networks.filter((one) => one !== place) };
  return { record: rest, ops: removedEndpointOps(place.interfaceName, attachmentsOf(rest, networks)) };
}

/** Does it inside the container, if that runs. */
export async function carryOutInside(
  process: ProcessIdentity | undefined,
  ops: Connection["ops"],
): Promise<void> {
  if (process) await applyInside(process, ops);
}

function firstUnused(names: readonly string[]): string {
  for (let index = 0; ; index += 1) if (!names.includes(`eth${index}`)) return `eth${index}`;
}

/** Names of the links of the namespace this process is in (proc_net(5), dev). */
export function ownLinks(): ReadonlySet<string> {
  const lines = readFileSync("/proc/self/net/dev", "latin1").split("\n").slice(2);
  return new Set(lines.map((line) => line.split(":")[0]!.trim()));
}
