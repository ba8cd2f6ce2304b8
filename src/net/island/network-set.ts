import { encodePlan, type Op } from "../../lib/launch-plan/index.ts";
import { bridged } from "../address/sides.ts";
import type { AllocatedNetwork } from "../contract.ts";
import { bridgeOps, bridgeRemovalOps } from "../endpoint/bridge-ops.ts";
import { applyOps } from "../helper/run-helper.ts";
import { islandRuleset } from "../nft/island-ruleset.ts";
import { applyRules } from "../nft/run-nft.ts";

/**
 * Makes the bridges and rules of the namespace this process is in agree with the networks. `before` is what it last
 * agreed with; after a restart of the supervisor that is unknown and empty, and everything is made again, which
 * changes nothing that is already as it should be. Rules and bridges are made at the same time; no container joins a
 * bridge before this has resolved.
 */
export async function applyNetworkSet(
  networks: readonly AllocatedNetwork[],
  before: readonly AllocatedNetwork[] = [],
): Promise<void> {
  const [wanted, made] = [bridged(networks), bridged(before)];
  await Promise.all([applyRules(islandRuleset(wanted)), applyOps(networkChanges(wanted, made))]);
}

/** What making these networks takes, but for making them: for the start-up snapshot. */
export function rehearseNetworkSet(networks: readonly AllocatedNetwork[]): void {
  islandRuleset(networks);
  encodePlan(networkChanges(networks, []));
}

/** The operations that lead from one set of networks to another. */
export function networkChanges(
  networks: readonly AllocatedNetwork[],
  before: readonly AllocatedNetwork[],
): Op[] {
  const known = new Map(before.map((network) => [network.bridge, JSON.stringify(network)]));
  const kept = new Set(networks.map((network) => network.bridge));
  const gone = before.filter((network) => !kept.has(network.bridge));
  const changed = networks.filter((network) => known.get(network.bridge) !== JSON.stringify(network));
  const remade = changed.filter((network) => known.has(network.bridge));
  return [...gone, ...remade].flatMap(bridgeRemovalOps).concat(changed.flatMap(bridgeOps));
}
