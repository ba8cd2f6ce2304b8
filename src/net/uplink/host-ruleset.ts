import { UPLINK_BLOCK, UPLINK_PREFIX } from "../island/uplink-lease.ts";

/** The host's table of gantry; it has no other. It holds for all projects of all root directories at once. */
export const HOST_TABLE = "inet gantry_uplink";

const ours = `"${UPLINK_PREFIX}*"`;

/**
 * The host's side of all uplinks, as text for `nft -f -`: one transaction, repeated without harm. What it promises:
 *  - what comes from a project leaves under the host's own address, and only from a project's own addresses;
 *  - nothing is forwarded to a project but answers, and nothing between projects;
 *  - where gantry switched forwarding on (the set `opened`), the host becomes no router for others: only answers and
 *    what another program's DNAT rules ask for pass.
 * The set lives in the table so that it has the lifetime of the namespace, is shared by all root directories, and
 * survives whatever is killed.
 */
export function hostRuleset(opened: readonly string[]): string {
  const elements = opened.map((name) => `add element ${HOST_TABLE} opened { "${name}" }\n`).join("");
  return `add table ${HOST_TABLE}
add set ${HOST_TABLE} opened { type ifname; }
add chain ${HOST_TABLE} forward { type filter hook forward priority filter; policy accept; }
add chain ${HOST_TABLE} postrouting { type nat hook postrouting priority srcnat; policy accept; }
flush chain ${HOST_TABLE} forward
flush chain ${HOST_TABLE} postrouting
${elements}table ${HOST_TABLE} {
	chain forward {
		iifname ${ours} oifname ${ours} drop
		iifname ${ours} ip saddr != ${UPLINK_BLOCK} drop
		iifname ${ours} tcp flags syn tcp option maxseg size set rt mtu
		iifname ${ours} accept
		oifname ${ours} ct state established,related accept
		oifname ${ours} drop
		iifname @opened ct state established,related accept
		iifname @opened ct status dnat accept
		iifname @opened drop
	}
	chain postrouting {
		ip saddr ${UPLINK_BLOCK} oifname != ${ours} masquerade
	}
}
`;
}
