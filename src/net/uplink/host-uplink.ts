import { readFileSync } from "node:fs";
import { readIfPresent } from "../../lib/status-file.ts";
import { runNft } from "../nft/run-nft.ts";
import { foreignAccepts, foreignRemovals } from "./foreign-chains.ts";
import {
  hostForwards,
  ipv6RoutedInterfaces,
  isForwarding,
  routedInterfaces,
  setForwarding,
  uplinkLinks,
} from "./forwarding.ts";
import { HOST_TABLE, hostRuleset, type Opened } from "./host-ruleset.ts";
import { changeIptables, hasProgram, iptablesAccepts, iptablesRemovals } from "./iptables-chains.ts";
import { closeWholeIpv6, forwardsIpv6ByInterface, openWholeIpv6 } from "./ipv6-forwarding.ts";
import { setElements } from "./nft-listing.ts";

/**
 * Makes the host pass on what projects send to the outside, and the answers: IPv4, and IPv6 where a network of the
 * project has it (`ipv6`). Runs in the host's network namespace, after the project's uplink is there. May run any
 * number of times, at once too: every step repeats without harm, and what was switched on is in the table's sets
 * before it is switched.
 */
export async function ensureHostUplink({ ipv6 = false }: { readonly ipv6?: boolean } = {}): Promise<void> {
  const byInterface = ipv6 && forwardsIpv6ByInterface();
  const opened: Opened = {
    ipv4: routedInterfaces(readFileSync("/proc/net/route", "utf8")).filter((name) => !isForwarding(name)),
    ipv6: byInterface
      ? ipv6RoutedInterfaces(readIfPresent("/proc/net/ipv6_route") ?? "").filter(
          (name) => !isForwarding(name, "ipv6"),
        )
      : [],
  };
  await runNft(["-f", "-"], hostRuleset(opened));
  for (const name of [...opened.ipv4, ...uplinkLinks()]) setForwarding(name, true);
  if (byInterface) for (const name of [...opened.ipv6, ...uplinkLinks()]) setForwarding(name, true, "ipv6");
  const ruleset = await runNft(["-j", "list", "ruleset"]);
  if (ipv6 && !byInterface) await openWholeIpv6(ruleset);
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
  if (!hostForwards()) for (const name of opened.ipv4) setForwarding(name, false);
  for (const name of opened.ipv6) setForwarding(name, false, "ipv6");
  await closeWholeIpv6(ruleset);
  await changeIptables(ruleset, iptablesRemovals);
  await removeRules(await runNft(["-j", "list", "ruleset"]));
  if (uplinkLinks().length > 0) await ensureHostUplink({ ipv6: opened.ipv6.length > 0 });
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
function openedInterfaces(ruleset: string): Opened | undefined {
  const ipv4 = setElements(ruleset, HOST_TABLE, "opened");
  return ipv4 && { ipv4, ipv6: setElements(ruleset, HOST_TABLE, "opened_ipv6") ?? [] };
}
