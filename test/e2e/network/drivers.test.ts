import { expect, it } from "vitest";
import { Namespace } from "../../support/namespace.ts";
import { Stack } from "../../support/stack.ts";
import { needsRoot, testUser } from "../../support/test-user.ts";

const IDLE = `image: busybox, command: [sleep, "1000"]`;
const ROUTER = "192.0.2.2";

const LAN = `{ subnet: 192.0.2.0/24, gateway: ${ROUTER}, ip_range: 192.0.2.128/25 }`;

/** A host with an interface on a network where there is one other machine, its router. */
async function makeLan(): Promise<{ host: Namespace; router: Namespace }> {
  const [host, router] = [await Namespace.create(), await Namespace.create()];
  host.run(`
    ip link add eth0 type veth peer name eth0 netns ${router.pid}
    ip address add 192.0.2.1/24 dev eth0; ip link set eth0 up`);
  router.run(`ip address add ${ROUTER}/24 dev eth0; ip link set eth0 up`);
  host.run(`ip route add default via ${ROUTER}`);
  return { host, router };
}

it("macvlan puts containers on an interface of the host, beside a bridge network, and leaves nothing there", async (context) => {
  needsRoot(context, "the host's interfaces are root's");
  const { host, router } = await makeLan();
  using _host = host;
  using _router = router;
  await using stack = await Stack.create(
    {
      "compose.yaml": `
services:
  alone: { ${IDLE}, networks: { lan: { ipv4_address: 192.0.2.50, mac_address: "02:00:00:00:00:50" } } }
  both: { ${IDLE}, networks: { lan: { gw_priority: 1 }, default: {} } }
  hidden: { ${IDLE}, networks: [shut] }
networks:
  lan: { driver: macvlan, driver_opts: { parent: eth0 }, ipam: { config: [${LAN}] } }
  shut: { driver: macvlan, driver_opts: { parent: eth0, macvlan_mode: private }, ipam: { config: [{ subnet: 192.0.2.0/28 }] } }
`,
    },
    host,
  );
  const before = host.run("ip -o link | wc -l");
  const wrong = await stack.run(["up", "-d"]);
  expect(wrong.stderr, "two networks with the same addresses").toContain("[subnet-overlap]");
  stack.write({
    "compose.yaml": `
services:
  alone: { ${IDLE}, networks: { lan: { ipv4_address: 192.0.2.50, mac_address: "02:00:00:00:00:50" } } }
  both: { ${IDLE}, networks: { lan: { gw_priority: 1 }, default: {} } }
  inner: { ${IDLE}, networks: [inner] }
networks:
  default: {}
  inner: { driver: macvlan }
  lan: { driver: macvlan, driver_opts: { parent: eth0 }, ipam: { config: [${LAN}] } }
`,
  });
  await stack.succeed(["up", "-d"]);
  const ping = (from: string, to: string) => stack.inside(from, "ping", "-c", "1", "-W", "2", to);
  expect(await stack.inside("alone", "ip", "link")).toContain("02:00:00:00:00:50");
  expect(await ping("alone", ROUTER)).toContain("1 packets received");
  expect(router.reaches("192.0.2.50")).toBe(true);
  expect(await ping("both", "alone"), "by name, through the bridge's name server").toContain(
    "from 192.0.2.50",
  );
  expect(await stack.inside("both", "ip", "route")).toMatch(/^default via 192\.0\.2\.2 dev eth1/m);
  expect(await stack.inside("inner", "ip", "route")).not.toContain("default");
  await stack.succeed(["restart", "-t", "0", "alone"]);
  expect(await ping("alone", ROUTER)).toContain("1 packets received");
  await stack.succeed(["down", "-t", "0"]);
  expect(host.run("ip -o link | wc -l")).toBe(before);
});

it("host and none are networks too, and what no driver does is told with its place", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  cut: { ${IDLE}, networks: [cut] }
  named: { ${IDLE}, networks: [nothing] }
  tuned:
    image: busybox
    command: [sleep, "1000"]
    networks:
      default:
        driver_opts:
          com.docker.network.endpoint.ifname: lan7
          com.docker.network.endpoint.sysctls: net.ipv4.conf.IFNAME.log_martians=1
          com.example.none: "1"
networks:
  cut: { driver: none }
  nothing: { external: true, name: none }
  default: { driver_opts: { com.docker.network.bridge.host_binding_ipv4: "127.0.0.1" } }
`,
    "host.yaml": `services: { a: { ${IDLE}, networks: [there] } }\nnetworks: { there: { external: true, name: host } }\n`,
    "both.yaml": `services: { a: { ${IDLE}, networks: [cut, default] } }\nnetworks: { cut: { driver: none } }\n`,
    "unknown.yaml": `services: { a: { ${IDLE} } }\nnetworks: { default: { driver: overlay } }\n`,
    "parent.yaml": `services: { a: { ${IDLE} } }\nnetworks: { default: { driver: macvlan, driver_opts: { parent: nil0.5 } } }\n`,
  });
  const { stderr } = await stack.run(["up", "-d"]);
  expect(stderr).toMatch(/compose\.yaml:13:\d+: warning: the option com\.example\.none of a service's place/);
  expect(stderr).toMatch(/compose\.yaml:17:\d+: warning: the option \S+host_binding_ipv4 of driver bridge/);
  expect(await stack.inside("cut", "ls", "/sys/class/net")).toBe("lo");
  expect(await stack.inside("named", "ls", "/sys/class/net")).toBe("lo");
  expect(await stack.inside("tuned", "cat", "/proc/sys/net/ipv4/conf/lan7/log_martians")).toBe("1");

  const refusal = async (file: string) => (await stack.run(["-f", file, "up", "-d"])).stderr;
  expect(await refusal("both.yaml")).toContain("who is on the none network (cut) cannot be on others");
  expect(await refusal("unknown.yaml")).toMatch(
    /unknown\.yaml:2:\d+: error: network default: there is no driver/,
  );
  expect(await refusal("parent.yaml")).toContain(
    testUser ? "an ordinary user may not put links" : "ip link add link nil0 name nil0.5 type vlan id 5",
  );
  if (testUser) expect(await refusal("host.yaml")).toContain("cannot join the host's network");
  else {
    await stack.succeed(["-f", "host.yaml", "up", "-d", "--remove-orphans"]);
    expect(await stack.inside("a", "ls", "/sys/class/net")).toContain("eth0");
  }
});
