import { expect, it } from "vitest";
import { MadeHost } from "./made-host.ts";

const WORLD = "192.0.2.2";
const PROJECT = "198.18.0.3";
const NEIGHBOUR = "192.168.9.2";
const WORLD6 = "2001:db8:2::2";
const PROJECT6 = "fd67:616e:7472::5";
const NEIGHBOUR6 = "2001:db8:9::2";

it("lets a project out under the host's address, and nobody in", async () => {
  using made = await MadeHost.create();
  expect(made.project.reaches(WORLD)).toBe(false);
  made.ensure();
  made.ensure();
  expect(made.project.reaches(WORLD)).toBe(true);
  expect(made.world.reaches(PROJECT)).toBe(false);
  made.host.run("nft flush chain inet gantry_uplink forward");
  expect(made.world.reaches(PROJECT), "without the rules").toBe(true);
});

it("makes the host no router for others", async () => {
  using made = await MadeHost.create();
  made.ensure();
  expect(made.host.run("cat /proc/sys/net/ipv4/ip_forward").trim()).toBe("0");
  expect(made.world.reaches(NEIGHBOUR)).toBe(false);
  made.host.run("nft flush chain inet gantry_uplink forward");
  expect(made.world.reaches(NEIGHBOUR), "without the rules").toBe(true);
});

it("passes a forward chain of others that drops, and takes its answer back", async () => {
  using made = await MadeHost.create();
  made.host.run(
    `nft 'table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; } ; }'`,
  );
  const before = made.host.run("nft list ruleset");
  made.ensure();
  expect(made.project.reaches(WORLD)).toBe(true);
  made.host.run("ip link delete gtry0001");
  made.release();
  expect(made.host.run("nft list ruleset")).toBe(before);
});

it.each(["iptables-nft", "iptables-legacy"])("passes what Docker sets up with %s", async (iptables) => {
  using made = await MadeHost.create();
  made.host.run(`
    ${iptables} -P FORWARD DROP; ${iptables} -N DOCKER-USER; ${iptables} -A FORWARD -j DOCKER-USER
    ${iptables} -A FORWARD -i docker0 ! -o docker0 -j ACCEPT`);
  const before = made.host.run(`${iptables} -S`);
  made.ensure();
  made.ensure();
  expect(made.project.reaches(WORLD)).toBe(true);
  expect(made.world.reaches(PROJECT)).toBe(false);
  expect(made.host.run(`${iptables} -S`).split("\n").length, "two rules more").toBe(
    before.split("\n").length + 2,
  );
  made.host.run("ip link delete gtry0001");
  made.release();
  expect(made.host.run(`${iptables} -S`)).toBe(before);
});

it("stays while a project has an uplink, and leaves nothing after the last", async () => {
  using made = await MadeHost.create();
  made.ensure();
  made.release();
  expect(made.project.reaches(WORLD)).toBe(true);
  made.host.run("ip link delete gtry0001");
  made.release();
  made.release();
  expect(made.host.run("nft list ruleset")).toBe("");
  expect(made.forwarding("eth0")).toBe("0");
});

it("leaves forwarding on where it was on before", async () => {
  using made = await MadeHost.create();
  made.host.run("echo 1 > /proc/sys/net/ipv4/conf/eth0/forwarding");
  made.ensure();
  made.host.run("ip link delete gtry0001");
  made.release();
  expect(made.forwarding("eth0")).toBe("1");
});

it("may be released by several commands at once", async () => {
  using made = await MadeHost.create();
  made.ensure();
  made.host.run("ip link delete gtry0001");
  await Promise.all(Array.from({ length: 4 }, () => made.releaseMeanwhile()));
  expect(made.host.run("nft list ruleset")).toBe("");
  expect(made.forwarding("eth0")).toBe("0");
});

it("lets a project out by IPv6 where that is asked for, and makes the host no router for others", async () => {
  using made = await MadeHost.create();
  made.host.run("echo 1 > /proc/sys/net/ipv6/conf/eth0/accept_ra");
  made.ensure();
  expect(made.project.reaches(WORLD6), "unasked").toBe(false);
  made.ensure("ensure-ipv6");
  made.ensure("ensure-ipv6");
  expect(made.project.reaches(WORLD6)).toBe(true);
  expect(made.world.reaches(PROJECT6)).toBe(false);
  expect(made.world.reaches(NEIGHBOUR6)).toBe(false);
  made.host.run("nft flush chain inet gantry_uplink forward; nft delete table ip6 gantry_router || true");
  expect(made.world.reaches(PROJECT6), "without the rules").toBe(true);
});

it("passes what Docker sets up for IPv6, and leaves no IPv6 forwarding after the last", async () => {
  using made = await MadeHost.create();
  made.host.run("echo 1 > /proc/sys/net/ipv6/conf/eth0/accept_ra; ip6tables-nft -P FORWARD DROP");
  const switches = "cat /proc/sys/net/ipv6/conf/*/forwarding /proc/sys/net/ipv6/conf/*/accept_ra";
  made.host.run("ip link delete gtry0001");
  const before = [made.host.run("nft list ruleset"), made.host.run(switches)];
  made.host.run("ip link add gtry0001 type veth peer name end");
  made.ensure("ensure-ipv6");
  expect(made.host.run("ip6tables-nft -S FORWARD")).toContain("gtry+");
  made.host.run("ip link delete gtry0001");
  made.release();
  expect([made.host.run("nft list ruleset"), made.host.run(switches)]).toEqual(before);
});
