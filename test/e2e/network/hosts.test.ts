import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Namespace } from "../../support/namespace.ts";
import { Stack } from "../../support/stack.ts";

const WORLD = "192.0.2.2";
const WORLD6 = "2001:db8:2::2";
/** Reached by a VPN whose route lies over the subnet that a project's first network would have had. */
const OFFICE = "172.17.0.9";

const STACK = `
services:
  a: { image: busybox, command: [sleep, "1000"] }
  both: { image: busybox, command: [sleep, "1000"], networks: [both] }
  six: { image: busybox, command: [sleep, "1000"], networks: [six] }
networks:
  default: {}
  both: { enable_ipv6: true }
  six: { enable_ipv4: false, enable_ipv6: true }
`;

/** A host with Docker's firewall, systemd-resolved on its loopback and a VPN, and the world it is in. */
async function makeHost(host: Namespace, world: Namespace): Promise<void> {
  host.run(`
    ip link add eth0 type veth peer name eth0 netns ${world.pid}
    ip address add 192.0.2.1/24 dev eth0; ip address add 2001:db8:2::1/64 dev eth0 nodad; ip link set eth0 up
    ip link add vpn0 type veth peer name vpn0 netns ${world.pid}
    ip address add 192.168.77.1/24 dev vpn0; ip link set vpn0 up`);
  world.run(`
    for link in eth0 vpn0; do ip link set $link up; done
    ip address add ${WORLD}/24 dev eth0; ip address add ${WORLD6}/64 dev eth0 nodad
    ip address add 192.168.77.2/24 dev vpn0; ip address add ${OFFICE}/32 dev lo
    echo 1 > /proc/sys/net/ipv4/ip_forward`);
  host.run(`
    ip route add default via ${WORLD}; ip -6 route add default via ${WORLD6}
    ip route add 172.17.0.0/16 via 192.168.77.2
    for program in iptables-nft ip6tables-nft; do
      $program -P FORWARD DROP; $program -N DOCKER-USER; $program -A FORWARD -j DOCKER-USER
    done`);
}

it("works beside Docker, systemd-resolved and a VPN, with both families, and leaves the host as it was", async () => {
  using host = await Namespace.create();
  using world = await Namespace.create();
  await makeHost(host, world);
  await using stack = await Stack.create({ "compose.yaml": STACK }, host);
  writeFileSync(join(stack.directory, "resolv.conf"), "nameserver 127.0.0.53\n");
  host.run(`mount --bind ${join(stack.directory, "resolv.conf")} /etc/resolv.conf`);
  using _resolver = await startResolver(host);
  using _server = await startServer(world);
  const settings = () =>
    host.run("iptables-nft -S; ip6tables-nft -S; nft -s list ruleset; ip route; ip -6 route");
  const before = settings();
  await stack.succeed(["up", "-d"]);

  // Its input stays open: old versions of pasta lose what comes after the end of what goes.
  const listen = "read -r line; echo $line > /tmp/said";
  const reached = (service: string, address: string) =>
    stack.inside(
      service,
      "sh",
      "-c",
      `nc -w 3 ${address} 8080 -e sh -c '${listen}'; cat /tmp/said; rm /tmp/said`,
    );
  expect(await stack.inside("a", "ip", "route"), "clear of the VPN").not.toContain("172.17.");
  expect(await reached("a", OFFICE)).toBe("hello");
  expect(await reached("a", WORLD)).toBe("hello");
  expect(await reached("both", WORLD)).toBe("hello");
  expect(await reached("both", WORLD6)).toBe("hello");
  expect(await reached("six", WORLD6)).toBe("hello");
  expect(await stack.inside("a", "nslookup", "-type=a", "example.org")).toContain("203.0.113.7");
  await stack.succeed(["down", "-t", "0"]);
  expect(settings()).toBe(before);
});

async function startResolver(host: Namespace): Promise<Disposable> {
  const script = join(import.meta.dirname, "../../support/loopback-resolver.ts");
  const child = spawn("nsenter", [...host.entering, process.execPath, script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return { [Symbol.dispose]: () => child.kill("SIGKILL") };
}

/** Says hello to everybody who connects to its port 8080. */
async function startServer(world: Namespace): Promise<Disposable> {
  const program = `require("node:net").createServer((socket) => socket.end("hello\\n")).listen(8080, "::", () => console.log("up"))`;
  const child = spawn("nsenter", [...world.entering, process.execPath, "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return { [Symbol.dispose]: () => child.kill("SIGKILL") };
}
