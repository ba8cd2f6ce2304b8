import { UPLINK_BLOCK, UPLINK_IPV6_BLOCK, UPLINK_PREFIX } from "../island/uplink-lease.ts";

/** The host's table of gantry; it has no other. It holds for all projects of all root directories at once. */
export const HOST_TABLE = "inet gantry_uplink";

/** The table that is there while gantry has IPv6 forwarded for the whole host, where the kernel knows nothing smaller. */
export const ROUTER_TABLE = "ip6 gantry_router";

const ours = `"${UPLINK_PREFIX}*"`;

/** Names of interfaces, by the family for which gantry switched forwarding on. */
export type Opened = { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] };

/**
 * The host's side of all uplinks, as text for `nft -f -`: one transaction, repeated without harm. What it promises:
 *  - what comes from a project leaves under the host's own address, and only from a project's own addresses;
 *  - nothing is forwarded to a project but answers, and nothing between projects;
 *  - where gantry switched forwarding on (the sets `opened`), the host becomes no router for others: only answers and
 *    what another program's DNAT rules ask for pass.
 * The sets live in the table so that they have the lifetime of the namespace, are shared by all root directories, and
 * survive whatever is killed.
 */
export function hostRuleset(opened: Opened): string {
  return `add table ${HOST_TABLE}
add set ${HOST_TABLE} opened { type ifname; }
add set ${HOST_TABLE} opened_ipv6 { type ifname; }
add chain ${HOST_TABLE} forward { type filter hook forward priority filter; policy accept; }
add chain ${HOST_TABLE} postrouting { type nat hook postrouting priority srcnat; policy accept; }
flush chain ${HOST_TABLE} forward
flush chain ${HOST_TABLE} postrouting
${elements("opened", opened.ipv4)}${elements("opened_ipv6", opened.ipv6)}table ${HOST_TABLE} {
	chain forward {
		iifname ${ours} oifname ${ours} drop
		iifname ${ours} ip saddr != ${UPLINK_BLOCK} drop
		iifname ${ours} ip6 saddr != ${UPLINK_IPV6_BLOCK} drop
		iifname ${ours} tcp flags syn tcp option maxseg size set rt mtu
		iifname ${ours} accept
		oifname ${ours} ct state established,related accept
		oifname ${ours} drop
${confined("ipv4", "opened")}${confined("ipv6", "opened_ipv6")}	}
	chain postrouting {
		ip saddr ${UPLINK_BLOCK} oifname != ${ours} masquerade
		ip6 saddr ${UPLINK_IPV6_BLOCK} oifname != ${ours} masquerade
	}
}
`;
}

const elements = (set: string, names: readonly string[]) =>
  names.map((name) => `add element ${HOST_TABLE} ${set} { "${name}" }\n`).join("");

const confined = (family: string, set: string) =>
  ["ct state established,related accept", "ct status dnat accept", "drop"]
    .map((rule) => `\t\tmeta nfproto ${family} iifname @${set} ${rule}\n`)
    .join("");

/**
 * Text for `nft -f -` that keeps a host whose IPv6 is forwarded as a whole from being a router for others. `raised`:
 * the interfaces that go on listening to router advertisements because gantry said so.
 */
export function routerRuleset(raised: readonly string[]): string {
  return `table ${ROUTER_TABLE} {
	set raised { type ifname; ${raised.length > 0 ? `elements = { ${raised.map((name) => `"${name}"`).join(", ")} }; ` : ""}}
	chain forward {
		type filter hook forward priority filter; policy accept;
		iifname ${ours} accept
		oifname ${ours} accept
		ct state established,related accept
		ct status dnat accept
		drop
	}
}
`;
}
