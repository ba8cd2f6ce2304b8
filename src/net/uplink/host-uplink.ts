import { readFileSync } from "node:fs";
import { runNft } from "../nft/run-nft.ts";
import { foreignAccepts, foreignRemovals } from "./foreign-chains.ts";
import { hostForwards, isForwarding, routedInterfaces, setForwarding, uplinkLinks } from "./forwarding.ts";
import { HOST_TABLE, hostRuleset } from "./host-ruleset.ts";
import { changeIptables, hasProgram, iptablesAccepts, iptablesRemovals } from "./iptables-chains.ts";

/**
 * Makes the host pass on what projects send to the outside, and the answers. Runs in the host's network namespace,
 * after the project's uplink is there. May run any number of times, at once too: every step repeats without harm,
 * and what was switched on is in the table's set before it is switched.
 */
export async function ensureHostUplink(): Promise<void> {
  const opened = routedInterfaces(readFileSync("/proc/net/route", "utf8")).filter(
    (name) => !isForwarding(name),
  );
  await runNft(["-f", "-"], hostRuleset(opened));
  for (const name of [...opened, ...uplinkLinks()]) setForwarding(name, true);
  const ruleset = await runNft(["-j", "list", "ruleset"]);
  const answer = foreignAccepts(ruleset, hasProgram("iptables-nft"));
  if (answer !== "") await runNft(["-f", "-"], answer);
  await changeIptables(ruleset, iptablesAccepts);
}

/**
 * Takes everything back once no project has an uplink any more; does nothing while one has. A project that starts
 * at the same moment may have found the rules still there, so the links are looked for again at the end.
 */
export async function releaseHostUplink(): Promise<void> {
  if (uplinkLinks().length > 0) return;
  const ruleset = await runNft(["-j", "list", "ruleset"]);
  const opened = openedInterfaces(ruleset);
  if (!opened) return;
  if (!hostForwards()) for (const name of opened) setForwarding(name, false);
  await changeIptables(ruleset, iptablesRemovals);
  await removeRules(await runNft(["-j", "list", "ruleset"]));
  if (uplinkLinks().length > 0) await ensureHostUplink();
}

/** Another command may release at the same moment, and leave nothing to remove; that it is gone is what counts. */
async function removeRules(ruleset: string): Promise<void> {
  try {
    await runNft(["-f", "-"], `${foreignRemovals(ruleset)}delete table ${HOST_TABLE}\n`);
  } catch (error) {
    if (openedInterfaces(await runNft(["-j", "list", "ruleset"]))) throw error;
  }
}

/** The interfaces where gantry switched forwarding on; undefined when there is no table of gantry. */
function openedInterfaces(ruleset: string): string[] | undefined {
  const objects = (JSON.parse(ruleset) as { nftables: readonly NftObject[] }).nftables;
  const set = objects.find(
    ({ set }) => `${set?.family} ${set?.table}` === HOST_TABLE && set?.name === "opened",
  )?.set;
  return set && (set.elem ?? []);
}

type NftObject = {
  readonly set?: {
    readonly family: string;
    readonly table: string;
    readonly name: string;
    readonly elem?: string[];
  };
};
