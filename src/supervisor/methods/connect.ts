import { GantryError } from "../../lib/diagnostic.ts";
import type { OwnedNetwork } from "../../project/index.ts";
import type { ProjectSupervision } from "../project-supervision.ts";
import type { Methods } from "../protocol.ts";
import type { MethodContext } from "./context.ts";
import { removeNetwork } from "./resources.ts";

/** Puts a container on one more network, one of the project's own or a shared one, which the project then joins. */
export async function connect(
  { supervision }: MethodContext,
  { container: id, network: name, ...options }: Methods["connect"]["params"],
): Promise<Record<string, never>> {
  const container = supervision.container(id);
  const { record } = container;
  if (record.networks.some((place) => place.name === name))
    throw new GantryError("already-connected", `container ${record.name} is on network ${name} already`);
  const network = await networkNamed(supervision, name);
  container.record = await supervision.context.door.connect(record, network, options);
  return {};
}

/** Takes a container off a network; a shared one that nobody of the project is on any more is left. */
export async function disconnect(
  { supervision }: MethodContext,
  { container: id, network: name }: Methods["disconnect"]["params"],
): Promise<Record<string, never>> {
  const container = supervision.container(id);
  container.record = await supervision.context.door.disconnect(container.record, name);
  const network = supervision.record.networks.find((one) => one.name === name);
  const isUsed = supervision.containers.some(({ record }) =>
    record.networks.some((place) => place.name === name),
  );
  if (network?.external && !isUsed) await removeNetwork(supervision, network.key);
  return {};
}

async function networkNamed(supervision: ProjectSupervision, name: string): Promise<OwnedNetwork> {
  const { door } = supervision.context;
  const owned = supervision.record.networks;
  const known = owned.find((network) => network.name === name);
  if (known) return known;
  const joined = door.allocateNetwork(name, { [name]: { name, external: true, ipam: {} } }, owned);
  await supervision.own({ networks: [...owned, joined] });
  await door.applyNetworks(supervision.record.networks);
  return joined;
}
