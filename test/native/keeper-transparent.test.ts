import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Op } from "../../src/lib/launch-plan/index.ts";
import { Keeper } from "./support/keepers.ts";
import { address, bridge, bytes, NetworkNamespace, route, up, veth } from "./support/network-namespaces.ts";
import { CLONE, execOp, spawnOp } from "./support/plans.ts";
import { type Workspace, workspace } from "./support/rootfs.ts";
import { start } from "./support/shim.ts";

/**
 * A client in one namespace, a host in another, the keeper's project behind it, and a container in that: whom does the
 * container see? The rules are those that the project namespace needs for it.
 */
const RULES = `table inet transparent {
  chain prerouting {
    type filter hook prerouting priority mangle; policy accept;
    meta l4proto { tcp, udp } socket transparent 1 meta mark set 0x77 accept
  }
}`;

let place: Workspace;
let keeper: Keeper;
let host: NetworkNamespace;
let client: NetworkNamespace;
let container: ReturnType<typeof start>;
let containerPid: number;

beforeEach(async () => {
  place = workspace();
  keeper = new Keeper(place.path);
  [host, client] = [await NetworkNamespace.create(), await NetworkNamespace.create()];
  const toHost: Op[] = [
    { op: "setns", path: `/proc/${client.pid}/ns/net`, flags: CLONE.NEWNET },
    veth("eth0", "client0", { peerNetns: 1 }),
    address("eth0", "192.0.2.7", 24),
    up("eth0"),
    address("client0", "192.0.2.1", 24, 1),
  ];
  expect(await host.apply(...toHost)).toBe("ok");
  const project: Op[] = [
    { op: "unshare", flags: CLONE.NEWNET },
    up("lo"),
    ...["all", "default"].map(
      (name): Op => ({ op: "sysctl", key: `net/ipv4/conf/${name}/rp_filter`, value: "0", optional: 0 }),
    ),
    bridge("br0"),
    address("br0", "10.1.2.1", 24),
    route({ link: "lo", table: 100, type: 2 }),
    { op: "rule_add", netns: 0, family: 4, mark: 0x77, table: 100, priority: 50 },
  ];
  expect((await keeper.start(keeper.plan({}, project), host.enter)).status).toBe("ok\n");
  const inProject = ["nsenter", "-t", String(keeper.record["pid"]), "-n"];
  execFileSync("nsenter", [...inProject.slice(1), "nft", "-f", "-"], { input: RULES });
  container = start(
    [
      spawnOp(CLONE.NEWNET),
      veth("eth0", "peer0", { peerNetns: 1, peerMaster: "br0" }),
      up("lo"),
      address("eth0", "10.1.2.9", 24),
      up("eth0"),
      route({ gateway: bytes("10.1.2.1"), link: "eth0" }),
      execOp(["/bin/busybox", "sleep", "1000"]),
    ],
    inProject,
  );
  containerPid = Number((await container.status).split(" ")[1]);
});
afterEach(() => {
  container.child.kill("SIGKILL");
  keeper[Symbol.dispose]();
  host[Symbol.dispose]();
  client[Symbol.dispose]();
  place[Symbol.dispose]();
});

const forwardTo = (targetPort: number, protocol: number) =>
  keeper.forward("web", targetPort, {
    protocol,
    listenAddress: new Uint8Array(4),
    targetAddress: bytes("10.1.2.9"),
    transparent: 1,
  });
const tcp = (from: NetworkNamespace, to: string, port: number) =>
  from.run("busybox", "nc", "-w", "5", to, String(port));

test("a TCP client's address is what the container sees; a loopback client is the bridge", async () => {
  const port = await forwardTo(await keeper.serve("who", "10.1.2.9", containerPid), 6);
  expect(tcp(client, "192.0.2.1", port)).toBe("192.0.2.7\n");
  expect(tcp(host, "192.0.2.1", port)).toBe("192.0.2.1\n");
  expect(tcp(host, "127.0.0.1", port)).toBe("10.1.2.1\n");
});

test("a client whose address is the project's too is the bridge, rather than never answered", async () => {
  const own: Op[] = ["10.1.2.77", "10.1.2.1"].map((text) => address("eth0", text, 32));
  const enter: Op = { op: "setns", path: `/proc/${client.pid}/ns/net`, flags: CLONE.NEWNET };
  expect(await host.apply(enter, ...own)).toBe("ok");
  host.run("ip", "route", "add", "10.1.2.0/24", "via", "192.0.2.7");
  const port = await forwardTo(await keeper.serve("who", "10.1.2.9", containerPid), 6);
  for (const source of ["10.1.2.77", "10.1.2.1"]) {
    client.run("ip", "route", "replace", "192.0.2.1/32", "dev", "eth0", "src", source);
    expect(tcp(client, "192.0.2.1", port), source).toBe("10.1.2.1\n");
  }
});

test("a UDP client's address is what the container sees", async () => {
  const port = await forwardTo(await keeper.serve("udp", "10.1.2.9", containerPid), 17);
  const script = `const s = require("dgram").createSocket("udp4"); s.send("x", ${port}, "192.0.2.1");
    s.on("message", (m) => { process.stdout.write(String(m)); s.close(); })`;
  expect(client.run(process.execPath, "-e", script)).toBe("192.0.2.7 x");
});
