import { runNft } from "../nft/run-nft.ts";
import {
  advertisedInterfaces,
  canForwardIpv6ByInterface,
  hostForwards,
  setAcceptsAdvertisements,
  setHostForwardsIpv6,
} from "./forwarding.ts";
import { ROUTER_TABLE, routerRuleset } from "./host-ruleset.ts";
import { setElements } from "./nft-listing.ts";

/** Whether IPv6 is to be opened for single interfaces: the kernel can, and nobody has it on for the whole host. */
export const forwardsIpv6ByInterface = (): boolean => canForwardIpv6ByInterface() && !hostForwards("ipv6");

/**
 * Has the whole host forward IPv6, where the kernel (before 6.17) knows nothing smaller. A table of its own notes it
 * before, and keeps the host from being a router for others; interfaces go on learning routes from their router.
 */
export async function openWholeIpv6(ruleset: string): Promise<void> {
  if (hostForwards("ipv6") || setElements(ruleset, ROUTER_TABLE, "raised")) return;
  const raised = advertisedInterfaces();
  await runNft(["-f", "-"], routerRuleset(raised));
  for (const name of raised) setAcceptsAdvertisements(name, "2");
  setHostForwardsIpv6(true);
}

/** Takes that back, if it was done. */
export async function closeWholeIpv6(ruleset: string): Promise<void> {
  const raised = setElements(ruleset, ROUTER_TABLE, "raised");
  if (!raised) return;
  setHostForwardsIpv6(false);
  for (const name of raised) setAcceptsAdvertisements(name, "1");
  // Another command may have done it at the same moment.
  await runNft(["-f", "-"], `add table ${ROUTER_TABLE}\ndelete table ${ROUTER_TABLE}\n`);
}
