import { GantryError } from "../lib/diagnostic.ts";
import { survivors } from "./decide.ts";
import type { DesiredNetwork, DesiredProject, DesiredService } from "./desired.ts";
import type { ObservedProject } from "./observed.ts";
import { createId, stopId } from "./plan-builder.ts";
import type { Planning } from "./planning.ts";
import type { UpOptions } from "./reconcile.ts";

/** A changed definition replaces the network, but only when all its containers are in scope and may be recreated. */
export function replacedNetworks(
  desired: DesiredProject,
  observed: ObservedProject,
  options: UpOptions,
): DesiredNetwork[] {
  if (options.services.length > 0 || options.recreate === "never") return [];
  const made = new Map(observed.networks.map((network) => [network.key, network.configHash]));
  return desired.networks.filter(({ key, configHash }) => made.has(key) && made.get(key) !== configHash);
}

/** Removes what is replaced once nothing is attached any more, and creates what the services in scope use. */
export function planNetworks(planning: Planning, replaced: readonly DesiredNetwork[]): void {
  const { builder, desired, observed } = planning;
  const existing = new Set(observed.networks.map((network) => network.key));
  for (const { key, name, external } of replaced) {
    const attached = observed.containers.filter(({ record }) =>
      record.networks.some((network) => network.name === name),
    );
    const action = { type: "remove-network", network: key, name, ...(external && { external }) } as const;
    builder.add(
      action,
      "its definition changed",
      attached.map(({ record }) => stopId(record.id)),
    );
    existing.delete(key);
  }
  const used = new Set(planning.scope.flatMap((service) => service.networks));
  for (const { key, name, external } of desired.networks) {
    if (!(used.has(key) || planning.options.allResources) || existing.has(key)) continue;
    if (external && !observed.sharedNetworks.has(name)) throw missingNetwork(key, name);
    const action = { type: "create-network", network: key, name, ...(external && { external }) } as const;
    const old = removeNetworkId(name);
    const cause = external ? "a service is on it" : "it does not exist";
    builder.add(action, builder.has(old) ? "it is replaced" : cause, [old]);
  }
}

/** Creates the named volumes that are missing; one that is not ours to create is an error. */
export function planVolumes({ builder, desired, observed, scope, options }: Planning): void {
  const used = new Set(scope.flatMap((service) => service.volumes));
  for (const { key, name, external } of desired.volumes) {
    if (!(used.has(key) || options.allResources) || observed.volumes.has(name)) continue;
    if (external) throw missingVolume(key, name);
    builder.add({ type: "create-volume", volume: key, name }, "it does not exist");
  }
}

/**
 * Ids of the steps that come before a container of the service is made: its volumes, and of its networks those that
 * are replaced. A new network's addresses are known before the plan begins, so that container and bridge may be made
 * at the same time.
 */
export function stepsBeforeCreate(planning: Planning, service: DesiredService): string[] {
  const { builder, networkNames, volumeNames } = planning;
  const replaced = service.networks.filter((key) => builder.has(removeNetworkId(networkNames.get(key)!)));
  return [
    ...replaced.map((key) => createNetworkId(planning, key)),
    ...service.volumes.map((key) => `create-volume ${volumeNames.get(key)}`),
    ...service.volumesFrom.flatMap((name) => survivors(planning.decisions.get(name) ?? []).map(createId)),
  ];
}

/** Ids of the steps that make the networks a container of the service starts on. */
export function stepsBeforeStart(planning: Planning, service: DesiredService): string[] {
  return service.networks.map((key) => createNetworkId(planning, key));
}

const createNetworkId = ({ networkNames }: Planning, key: string) =>
  `create-network ${networkNames.get(key)}`;

/** Whether a network of the service is replaced, so that its containers have to leave it first. */
export function losesNetwork({ builder, networkNames }: Planning, service: DesiredService): boolean {
  return service.networks.some((key) => builder.has(removeNetworkId(networkNames.get(key)!)));
}

const removeNetworkId = (name: string) => `remove-network ${name}`;

function missingNetwork(key: string, name: string): GantryError {
  return new GantryError(
    "network-missing",
    `network ${key}: ${name} is declared as external, but could not be found`,
    {
      hint: `\`gantry network create ${name}\` makes it; one of another project needs \`attachable: true\` there`,
    },
  );
}

function missingVolume(key: string, name: string): GantryError {
  return new GantryError("volume-missing", `volume ${key}: external volume ${name} does not exist`, {
    hint: "create it first, or remove `external: true` so that gantry creates it",
  });
}
