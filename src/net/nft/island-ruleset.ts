import { hasIpv6, sidesOf } from "../address/sides.ts";
import type { AllocatedNetwork } from "../contract.ts";
import { TRANSPARENT_MARK } from "../island/keeper-plan.ts";
import { UPLINK } from "../island/uplink-lease.ts";

/**
 * The firewall of a project namespace, as text for `nft -f -`: one transaction that replaces the whole table, so
 * that there is no moment without rules. What it promises:
 *  - a container sends from addresses of its own network only;
 *  - networks do not reach each other; an internal network reaches nothing else and is reached by nothing;
 *  - of the namespace itself (name server, relays) containers reach port 53 and their own gateway's ping;
 *  - nothing enters from the uplink but answers, and what the two ends of the link have to say about their addresses.
 */
export function islandRuleset(networks: readonly AllocatedNetwork[]): string {
  return `table inet gantry
delete table inet gantry
table inet gantry {
	chain prerouting {
		type filter hook prerouting priority mangle; policy accept;
${lines(networks.flatMap(sourceRules))}		socket transparent 1 meta mark set ${hexadecimal(TRANSPARENT_MARK)}
	}
	chain input {
		type filter hook input priority filter; policy drop;
		iifname "lo" accept
		ct state established,related accept
		meta mark ${hexadecimal(TRANSPARENT_MARK)} accept
		iifname "${UPLINK}" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
${lines([...nameServerRules(networks), ...networks.flatMap(gatewayRules)])}	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
${lines(networks.flatMap(forwardRules))}	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "${UPLINK}" masquerade
	}
}
`;
}

/** Neighbour discovery and multicast reports of IPv6 come from link-local and unspecified addresses. */
function sourceRules(network: AllocatedNetwork): string[] {
  const { bridge } = network;
  const subnets = sidesOf(network).map(({ subnet }) => subnet);
  const ipv4 = subnets.find((subnet) => !subnet.includes(":"));
  const ipv6 = subnets.filter((subnet) => subnet.includes(":"));
  return [
    `iifname "${bridge}" ${ipv4 ? `ip saddr != ${ipv4}` : "meta nfproto ipv4"} drop`,
    `iifname "${bridge}" ip6 saddr != { ${[...ipv6, "fe80::/10", "::"].join(", ")} } drop`,
  ];
}

/**
 * From any network by any gateway: a container goes on asking where it was told to when it is taken off its first
 * network, and what it is told depends on its own address.
 */
function nameServerRules(networks: readonly AllocatedNetwork[]): string[] {
  if (networks.length === 0) return [];
  const from = `iifname { ${networks.map(({ bridge }) => `"${bridge}"`).join(", ")} }`;
  const gateways = networks.flatMap((network) => sidesOf(network).map(({ gateway }) => gateway));
  const ofFamily = (ipv6: boolean) => gateways.filter((gateway) => gateway.includes(":") === ipv6);
  return [["ip", ofFamily(false)] as const, ["ip6", ofFamily(true)] as const].flatMap(([family, to]) =>
    to.length > 0
      ? [`${from} ${family} daddr { ${to.join(", ")} } meta l4proto { tcp, udp } th dport 53 accept`]
      : [],
  );
}

function gatewayRules(network: AllocatedNetwork): string[] {
  const { bridge } = network;
  const own = sidesOf(network).map(({ gateway }) => gateway);
  const ipv4 = own.find((gateway) => !gateway.includes(":"));
  return [
    ...(ipv4 ? [`iifname "${bridge}" ip daddr ${ipv4} icmp type echo-request accept`] : []),
    ...(hasIpv6(network) ? [`iifname "${bridge}" meta l4proto ipv6-icmp accept`] : []),
  ];
}

/** Traffic within a bridge comes here only where the host has br_netfilter switched on for bridges. */
function forwardRules({ bridge, internal }: AllocatedNetwork): string[] {
  return [
    `iifname "${bridge}" oifname "${bridge}" accept`,
    ...(internal ? [] : [`iifname "${bridge}" oifname "${UPLINK}" accept`]),
  ];
}

const lines = (rules: readonly string[]) => rules.map((rule) => `\t\t${rule}\n`).join("");
const hexadecimal = (value: number) => `0x${value.toString(16)}`;
