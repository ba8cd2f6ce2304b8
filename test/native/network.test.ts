import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Op } from "../../src/lib/launch-plan/index.ts";
import { readStartTime } from "../../src/lib/process-identity.ts";
import { address, bridge, bytes, NetworkNamespace, route, up, veth } from "./support/network-namespaces.ts";
import { CLONE, execOp, spawnOp } from "./support/plans.ts";
import { start } from "./support/shim.ts";

let namespace: NetworkNamespace;
beforeEach(async () => {
  namespace = await NetworkNamespace.create();
});
afterEach(() => namespace[Symbol.dispose]());

const MAC = Uint8Array.of(2, 0, 0, 0, 0, 9);
const link = (name: string) => namespace.ip("-d", "link", "show", "dev", name)[0]!;
const links = () => namespace.ip("link").map(({ ifname }) => ifname);

describe("a bridge", () => {
  test("is made, up, with address and size", async () => {
    expect(await namespace.apply(bridge("br0", { mac: MAC, mtu: 1400 }))).toBe("ok");
    expect(link("br0")).toMatchObject({
      address: "02:00:00:00:00:09",
      mtu: 1400,
      flags: expect.arrayContaining(["UP"]),
      linkinfo: { info_kind: "bridge" },
    });
  });

  test("that is there is kept, and set up", async () => {
    expect(await namespace.apply(bridge("br0"))).toBe("ok");
    const before = link("br0")["ifindex"];
    namespace.run("ip", "link", "set", "br0", "down");
    expect(await namespace.apply(bridge("br0"))).toBe("ok");
    expect(link("br0")).toMatchObject({ ifindex: before, flags: expect.arrayContaining(["UP"]) });
  });

  test("with a name too long, or half a hardware address, is refused", async () => {
    expect(await namespace.apply(bridge("a-name-of-16-char"))).toMatch(
      /^failed link_add_bridge (ERANGE|EINVAL) \d+ a-name-of-16-char: creating the bridge/,
    );
    expect(await namespace.apply(bridge("br0", { mac: Uint8Array.of(1, 2) }))).toBe(
      "failed link_add_bridge EINVAL 22 br0: a hardware address has 6 bytes, not 2",
    );
  });
});

describe("a veth pair", () => {
  test("has one end down, and the other up at its bridge, isolated if wanted", async () => {
    const pair = veth("in0", "out0", { mac: MAC, mtu: 1300, peerMaster: "br0", peerIsolated: 1 });
    expect(await namespace.apply(bridge("br0"), pair)).toBe("ok");
    expect(link("in0")).toMatchObject({ address: "02:00:00:00:00:09", mtu: 1300 });
    expect(link("in0")["flags"]).not.toContain("UP");
    expect(link("out0")).toMatchObject({
      master: "br0",
      mtu: 1300,
      flags: expect.arrayContaining(["UP"]),
      linkinfo: { info_slave_data: { isolated: true } },
    });
  });

  test("takes the place of a stale one", async () => {
    expect(await namespace.apply(veth("in0", "out0"))).toBe("ok");
    const before = link("out0")["ifindex"];
    expect(await namespace.apply(veth("in0", "out0"))).toBe("ok");
    expect(link("out0")["ifindex"]).not.toBe(before);
  });

  test("is not made when its first name belongs to another, or its bridge is missing", async () => {
    expect(await namespace.apply(bridge("in0"), veth("in0", "out0"))).toMatch(
      /^failed link_add_veth EEXIST 17 in0: /,
    );
    expect(await namespace.apply(veth("in1", "out1", { peerMaster: "nobridge" }))).toBe(
      "failed link_add_veth ENODEV 19 nobridge: looking for the bridge of out1",
    );
    expect(links()).toEqual(["lo", "in0"]);
  });
});

test("links go up and down and away, and one that is missing may go again", async () => {
  expect(await namespace.apply(bridge("br0"), { op: "link_set", netns: 0, name: "br0", up: 0 })).toBe("ok");
  expect(link("br0")["flags"]).not.toContain("UP");
  const gone: Op = { op: "link_delete", netns: 0, name: "br0" };
  expect(await namespace.apply(gone, gone)).toBe("ok");
  expect(links()).toEqual(["lo"]);
  expect(await namespace.apply(up("br0"))).toMatch(/^failed link_set ENODEV 19 br0: setting the link up/);
});

test("addresses are added once, with broadcast, and IPv6 is usable at once", async () => {
  const six: Op = {
    op: "address_add",
    netns: 0,
    link: "br0",
    address: Uint8Array.from([0xfd, ...Array(14).fill(0), 7]),
    prefix: 64,
  };
  const four = address("br0", "10.1.2.3", 24);
  expect(await namespace.apply(bridge("br0"), four, four, six, six)).toBe("ok");
  const [shown] = namespace.ip("address", "show", "dev", "br0");
  const infos = shown!["addr_info"] as Record<string, unknown>[];
  expect(infos.find(({ family }) => family === "inet")).toMatchObject({
    local: "10.1.2.3",
    prefixlen: 24,
    broadcast: "10.1.2.255",
  });
  const own = infos.find(({ local }) => local === "fd00::7")!;
  expect(own).toMatchObject({ prefixlen: 64, nodad: true });
  expect(own).not.toHaveProperty("tentative");
  expect(await namespace.apply({ ...four, prefix: 33 } as Op)).toMatch(/^failed address_add EINVAL 22 br0: /);
});

test("routes are added and replaced, rules are added once", async () => {
  const rule: Op = { op: "rule_add", netns: 0, family: 4, mark: 0x77, table: 100, priority: 50 };
  const status = await namespace.apply(
    bridge("br0"),
    address("br0", "10.1.2.3", 24),
    route({ gateway: bytes("10.1.2.1"), link: "br0" }),
    route({ gateway: bytes("10.1.2.2"), link: "br0" }),
    route({ destination: bytes("10.9.0.0"), prefix: 16, link: "br0", metric: 7 }),
    route({ destination: bytes("192.0.2.0"), prefix: 24, type: 7 }),
    route({ link: "lo", table: 100, type: 2 }),
    rule,
    rule,
  );
  expect(status).toBe("ok");
  expect(namespace.ip("route", "show", "table", "main")).toEqual([
    expect.objectContaining({ dst: "default", gateway: "10.1.2.2" }),
    expect.objectContaining({ dst: "10.1.2.0/24" }),
    expect.objectContaining({ dst: "10.9.0.0/16", dev: "br0", metric: 7, scope: "link" }),
    expect.objectContaining({ type: "unreachable", dst: "192.0.2.0/24" }),
  ]);
  expect(namespace.ip("route", "show", "table", "100")).toEqual([
    expect.objectContaining({ type: "local", dst: "default", dev: "lo" }),
  ]);
  expect(namespace.ip("rule").filter(({ fwmark }) => fwmark === "0x77")).toEqual([
    expect.objectContaining({ priority: 50, table: "100" }),
  ]);
  expect(await namespace.apply(route({ gateway: bytes("10.200.0.1"), link: "br0" }))).toMatch(
    /^failed route_add ENETUNREACH 101 br0: adding a route/,
  );
});

test("a container's link reaches from its own namespace into the one the helper was started in", async () => {
  expect(await namespace.apply(bridge("br0"), address("br0", "10.1.2.1", 24))).toBe("ok");
  const plan: Op[] = [
    spawnOp(CLONE.NEWNET),
    veth("eth0", "peer0", { peerNetns: 1, peerMaster: "br0" }),
    up("lo"),
    address("eth0", "10.1.2.9", 24),
    up("eth0"),
    route({ gateway: bytes("10.1.2.1"), link: "eth0" }),
    execOp(["/bin/busybox", "ping", "-c", "1", "-W", "5", "10.1.2.1"]),
  ];
  const { outcome } = start(plan, namespace.enter);
  expect(await outcome).toMatchObject({ code: 0, stdout: expect.stringContaining("1 packets received") });
  await expect.poll(links).toEqual(["lo", "br0"]);
});

describe("a link on another namespace's interface", () => {
  const linkOn = (changes: object = {}): Op => ({
    op: "link_add_on",
    name: "lan0",
    kind: "macvlan",
    parent: "wire",
    pid: namespace.pid,
    startTime: BigInt(readStartTime(namespace.pid)!),
    mode: 4,
    flags: 0,
    mac: MAC,
    mtu: 0,
    ...changes,
  });

  test("is made here, of the kind that was asked for, down", async () => {
    using other = await NetworkNamespace.create();
    expect(await namespace.apply(veth("wire", "end"))).toBe("ok");
    expect(await other.apply(linkOn())).toBe("ok");
    const [made] = other.ip("-d", "link", "show", "dev", "lan0");
    expect(made).toMatchObject({
      address: "02:00:00:00:00:09",
      linkinfo: { info_kind: "macvlan", info_data: { mode: "bridge" } },
    });
    expect(made!["flags"]).not.toContain("UP");
    expect(links()).not.toContain("lan0");
  });

  test("is refused with nonsense, and where process or interface are not the ones that are meant", async () => {
    using other = await NetworkNamespace.create();
    const answer = async (changes: object) => (await other.apply(linkOn(changes))).replace(/ \d+ /, " ");
    expect(await answer({ kind: "vxlan" })).toBe(
      "failed link_add_on EINVAL lan0: vxlan is neither macvlan nor ipvlan",
    );
    expect(await answer({ mac: Uint8Array.of(1) })).toContain("EINVAL");
    expect(await answer({ startTime: 1n })).toContain("it is another process's by now");
    expect(await answer({ pid: 4_000_000 })).toContain("ENOENT");
    expect(await answer({ parent: "nowhere" })).toContain(
      "nowhere: looking for the interface that lan0 is to be on",
    );
    expect(other.ip("link").map(({ ifname }) => ifname)).toEqual(["lo"]);
  });
});
