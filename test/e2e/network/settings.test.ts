import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

it("what a network and a service's place on it are given is what the container has", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
x-idle: &idle { image: busybox, command: [sleep, "1000"] }
services:
  web:
    <<: *idle
    mac_address: 02:00:00:00:00:aa
    networks:
      front: { priority: 10 }
      back: { gw_priority: 5, interface_name: lan0, mac_address: "02:00:00:00:00:bb", ipv4_address: 10.81.0.9 }
      six: {}
  app: { <<: *idle, networks: [back] }
  hollow: { <<: *idle, networks: [inner] }
  only6: { <<: *idle, networks: [six], command: [httpd, -f, -p, "80", -h, /etc], ports: ["21420:80"] }
  apart: { <<: *idle, scale: 2, networks: [quiet] }
networks:
  front: {}
  back:
    driver: bridge
    driver_opts: { com.docker.network.driver.mtu: "1400", com.docker.network.bridge.name: backbone }
    ipam:
      config: [{ subnet: 10.81.0.0/24, ip_range: 10.81.0.128/25, gateway: 10.81.0.254, aux_addresses: { router: 10.81.0.128 } }]
  six: { enable_ipv4: false, enable_ipv6: true, ipam: { config: [{ subnet: "fd00:81::/64" }] } }
  inner: { internal: true }
  quiet: { driver_opts: { com.docker.network.bridge.enable_icc: "false" } }
`,
  });
  const { stderr } = await stack.run(["up", "-d"]);
  expect(stderr).not.toContain("not honoured");

  const links = await stack.inside("web", "ip", "-o", "link");
  expect(links).toMatch(/eth0@.*02:00:00:00:00:aa/);
  expect(links).toMatch(/lan0@.*mtu 1400.*02:00:00:00:00:bb/);
  const addresses = await stack.inside("web", "ip", "-o", "addr");
  expect(addresses).toContain("lan0    inet 10.81.0.9/24");
  expect(addresses).toMatch(/eth2 +inet6 fd00:81::[0-9a-f]+\/64/);
  expect(await stack.inside("web", "ip", "route")).toMatch(/^default via 10\.81\.0\.254 dev lan0/m);
  expect(await stack.inside("app", "ip", "-o", "addr")).toContain("inet 10.81.0.129/24");
  expect(await stack.inside("hollow", "ip", "route")).not.toContain("default");

  const six = await stack.inside("only6", "ip", "-o", "addr", "show", "eth0");
  expect(six).not.toContain("inet ");
  expect(await stack.inside("only6", "cat", "/etc/resolv.conf")).toContain("nameserver fd00:81::1");
  expect(await stack.inside("web", "ping", "-6", "-c", "1", "-W", "2", "fd00:81::1")).toContain(
    "1 packets received",
  );
  const neighbour = /inet6 (fd00:81::[0-9a-f]+)\/64/.exec(six)![1]!;
  expect(await stack.inside("web", "ping", "-6", "-c", "1", "-W", "2", neighbour)).toContain(
    "1 packets received",
  );
  for (const host of ["127.0.0.1", "[::1]"])
    expect(await (await fetch(`http://${host}:21420/hostname`)).text(), host).toMatch(/^[0-9a-f]{12}/);

  const second = await stack.succeed([
    "exec",
    "-T",
    "--index",
    "2",
    "apart",
    "ip",
    "-4",
    "-o",
    "addr",
    "show",
    "eth0",
  ]);
  const address = /inet ([\d.]+)/.exec(second)![1]!;
  expect((await stack.run(["exec", "-T", "apart", "ping", "-c", "1", "-W", "1", address])).code).not.toBe(0);
});
