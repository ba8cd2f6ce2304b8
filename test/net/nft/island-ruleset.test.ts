import { expect, it } from "vitest";
import { islandRuleset } from "../../../src/net/nft/island-ruleset.ts";
import { network } from "../networks.ts";

const chainOf = (rules: string, chain: string) =>
  rules
    .split(`\tchain ${chain} {\n`)[1]!
    .split("\n\t}\n")[0]!
    .split("\n")
    .map((line) => line.trim());

const rules = islandRuleset([
  network("front", "10.1.0.0/24"),
  network("back", "10.2.0.0/24", { internal: true }),
]);

it("replaces the whole table in one transaction", () => {
  expect(rules.startsWith("table inet gantry\ndelete table inet gantry\ntable inet gantry {\n")).toBe(true);
});

it("lets nobody out but networks that are not internal, and nobody from one network into another", () => {
  expect(chainOf(rules, "forward")).toEqual([
    "type filter hook forward priority filter; policy drop;",
    "ct state established,related accept",
    'iifname "br-front" oifname "br-front" accept',
    'iifname "br-front" oifname "uplink" accept',
    'iifname "br-back" oifname "br-back" accept',
  ]);
});

it("drops what comes from addresses of others", () => {
  expect(chainOf(rules, "prerouting")).toContain('iifname "br-back" ip saddr != 10.2.0.0/24 drop');
});

it("opens the name server and its own gateway's ping to a network, and nothing else", () => {
  const back = chainOf(rules, "input").filter((rule) => rule.includes("br-back"));
  expect(back).toEqual([
    'iifname { "br-front", "br-back" } ip daddr { 10.1.0.1, 10.2.0.1 } meta l4proto { tcp, udp } th dport 53 accept',
    'iifname "br-back" ip daddr 10.2.0.1 icmp type echo-request accept',
  ]);
});
