import type { Network, Volume } from "../../compose/index.ts";
import type { OwnedNetwork, Plan } from "../../project/index.ts";
import type { ProjectSupervision } from "../project-supervision.ts";
import type { ProjectIntent } from "../protocol.ts";

/** Writes down, before a plan begins, whose it is and the networks that it creates where there was none. */
export async function ownIntent(
  supervision: ProjectSupervision,
  plan: Plan,
  { project, workingDirectory, configFiles }: ProjectIntent,
): Promise<void> {
  const networks = withNewNetworks(supervision, plan, project.networks);
  await supervision.own({ workingDirectory, configFiles, networks });
  supervision.context.door.wantNetworks(supervision.record.networks);
}

function withNewNetworks(
  { record, context }: ProjectSupervision,
  plan: Plan,
  model: Readonly<Record<string, Network>>,
): OwnedNetwork[] {
  const networks = [...record.networks];
  for (const { action } of plan.steps) {
    if (action.type !== "create-network" || networks.some(({ key }) => key === action.network)) continue;
    networks.push(context.door.allocateNetwork(action.network, model, networks));
  }
  return networks;
}

/** Makes one of the model's networks: owned on disk first, then in the project's namespace. */
export async function createNetwork(
  supervision: ProjectSupervision,
  key: string,
  model: Readonly<Record<string, Network>>,
): Promise<void> {
  const { door } = supervision.context;
  const owned = supervision.record.networks;
  // One that replaces another was not known when the plan began.
  if (!owned.some((network) => network.key === key)) {
    await supervision.own({ networks: [...owned, door.allocateNetwork(key, model, owned)] });
  }
  await door.applyNetworks(supervision.record.networks);
}

/** Takes a network out of the namespace, then gives it up on disk. */
export async function removeNetwork(supervision: ProjectSupervision, key: string): Promise<void> {
  const networks = supervision.record.networks.filter((network) => network.key !== key);
  const { door } = supervision.context;
  const removed = supervision.record.networks.find((network) => network.key === key);
  await door.applyNetworks(networks);
  if (removed) await door.leaveNetwork(removed);
  await supervision.own({ networks: supervision.record.networks.filter((network) => network.key !== key) });
}

/** Makes a named volume of the project's own. */
export async function createVolume(
  supervision: ProjectSupervision,
  key: string,
  volume: Volume,
): Promise<void> {
  await supervision.own({ volumes: [...supervision.record.volumes, volume.name] });
  await supervision.context.door.createVolume(key, volume);
}

/** Removes a named volume with its data. */
export async function removeVolume(supervision: ProjectSupervision, name: string): Promise<void> {
  await supervision.context.door.removeVolume(name);
  await supervision.own({ volumes: supervision.record.volumes.filter((other) => other !== name) });
}
