import { describe, expect, it } from "vitest";
import { uplinkLease, uplinkLeases } from "../../../src/net/island/uplink-lease.ts";
import { foreignAccepts, foreignRemovals } from "../../../src/net/uplink/foreign-chains.ts";
import { routedInterfaces } from "../../../src/net/uplink/forwarding.ts";
import { hostRuleset } from "../../../src/net/uplink/host-ruleset.ts";
import { iptablesAccepts, iptablesRemovals } from "../../../src/net/uplink/iptables-chains.ts";

const chain = { family: "ip", table: "filter", name: "FORWARD", hook: "forward", policy: "drop" };
const rule = (handle: number, more: object) => ({
  rule: { family: "ip", table: "filter", chain: "FORWARD", handle, expr: [], ...more },
});
const listing = (...nftables: object[]) => JSON.stringify({ nftables });

describe("foreignAccepts", () => {
  it("answers a forward chain that drops, for uplinks only", () => {
    const answer = foreignAccepts(listing({ chain })).trim().split("\n");
    expect(answer).toHaveLength(2);
    for (const line of answer) expect(line).toMatch(/^add rule ip filter FORWARD [io]ifname "gtry\*" /);
  });

  it("goes before a closing reject, and after what is forbidden expressly", () => {
    const open = { ...chain, policy: "accept" };
    const answer = foreignAccepts(
      listing(
        { chain: open },
        rule(4, { expr: [{ match: {} }, { drop: null }] }),
        rule(7, { expr: [{ reject: null }] }),
      ),
    );
    expect(answer).toContain("insert rule ip filter FORWARD position 7 ");
  });

  it("has nothing to say to chains that let through, are answered, are ours, or route nothing", () => {
    const quiet = [
      [{ chain: { ...chain, policy: "accept" } }],
      [{ chain }, rule(3, { comment: "gantry uplink" })],
      [{ chain: { ...chain, family: "inet", table: "gantry_uplink" } }],
      [{ chain: { ...chain, family: "bridge" } }],
      [{ chain: { ...chain, hook: "input" } }],
    ];
    for (const objects of quiet) expect(foreignAccepts(listing(...objects))).toBe("");
  });

  it("is taken back by handle, and nothing else is", () => {
    const text = listing({ chain }, rule(3, { comment: "gantry uplink" }), rule(4, { comment: "mine" }));
    expect(foreignRemovals(text)).toBe("delete rule ip filter FORWARD handle 3\n");
  });
});

describe("iptablesAccepts", () => {
  const docker = "-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n";

  it("answers a policy at the end, and a closing rule before it", () => {
    expect(iptablesAccepts(docker).map((args) => args.slice(0, 4).join(" "))).toEqual([
      "-A FORWARD -i gtry+",
      "-A FORWARD -o gtry+",
    ]);
    const closed =
      "-P FORWARD ACCEPT\n-A FORWARD -s 10.0.0.0/8 -j DROP\n-A FORWARD -j REJECT --reject-with icmp-port-unreachable\n";
    expect(iptablesAccepts(closed)[0]?.slice(0, 3)).toEqual(["-I", "FORWARD", "2"]);
  });

  it("says nothing where nothing drops, or all is said, and takes back what it said", () => {
    expect(iptablesAccepts("-P FORWARD ACCEPT\n")).toEqual([]);
    const answered = `${docker}-A FORWARD -i gtry+ -m comment --comment "gantry uplink" -j ACCEPT\n`;
    expect(iptablesAccepts(answered)).toEqual([]);
    expect(iptablesRemovals(answered)).toEqual([
      ["-D", "FORWARD", "-i", "gtry+", "-m", "comment", "--comment", "gantry uplink", "-j", "ACCEPT"],
    ]);
  });
});

describe("hostRuleset", () => {
  it("notes the interfaces it opens, and drops what others would have forwarded through them", () => {
    const rules = hostRuleset({ ipv4: ["eth0"], ipv6: ["eth1"] });
    expect(rules).toContain('add element inet gantry_uplink opened { "eth0" }');
    expect(rules).toContain('add element inet gantry_uplink opened_ipv6 { "eth1" }');
    expect(rules).toContain("meta nfproto ipv4 iifname @opened drop\n");
    expect(rules).toMatch(/meta nfproto ipv6 iifname @opened_ipv6 drop\n\t\}/);
  });
});

describe("routedInterfaces", () => {
  it("names each interface with a route once, without loopback and uplinks", () => {
    const table = ["Iface\tDestination", "eth0\t0", "eth0\t1", "lo\t2", "gtry0001\t3", "wlan0\t4", ""].join(
      "\n",
    );
    expect(routedInterfaces(table)).toEqual(["eth0", "wlan0"]);
  });
});

describe("uplinkLeases", () => {
  it("begins where the project began before, and skips what is held", () => {
    const [first, second] = take(uplinkLeases("/root\0shop", new Set()), 2);
    expect(take(uplinkLeases("/root\0shop", new Set([first!.link])), 1)).toEqual([second]);
  });

  it("ends within the block", () => {
    expect(uplinkLease(65_535)).toEqual({
      link: "gtryffff",
      hostAddress: "198.19.255.254",
      address: "198.19.255.255",
      hostIpv6: "fd67:616e:7472::2:0",
      ipv6: "fd67:616e:7472::2:1",
    });
  });
});

function take<T>(items: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}
