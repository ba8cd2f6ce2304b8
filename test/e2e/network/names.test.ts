import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsRoot } from "../../support/test-user.ts";

it("what the file says of names is what programs inside find", async (context) => {
  needsRoot(context, "a user's container cannot join the host's network, which one of these does");
  await using stack = await Stack.create({
    "compose.yaml": `
x-idle: &idle { image: busybox, command: [sleep, "1000"] }
services:
  db: { <<: *idle, expose: ["5432"] }
  server:
    image: busybox
    command: [sh, -c, "mkdir /w; echo found > /w/index.html; exec httpd -f -p 80 -h /w"]
    ports: ["21400:80"]
  web:
    <<: *idle
    hostname: front
    domainname: shop.test
    links: ["db:database"]
    external_links: ["\${COMPOSE_PROJECT_NAME}-server-1:remote"]
    dns: [127.0.0.1]
    dns_search: [corp.test, lan.test]
    dns_opt: ["timeout:1", "attempts:1"]
    extra_hosts: ["outside=192.0.2.9", "myhost=host-gateway"]
  sidecar: { <<: *idle, network_mode: "service:web" }
  onhost: { <<: *idle, network_mode: host }
  alone: { <<: *idle, network_mode: none }
`,
  });
  const { stderr } = await stack.run(["up", "-d"]);
  expect(stderr).not.toContain("not honoured");

  const resolv = await stack.inside("web", "cat", "/etc/resolv.conf");
  expect(resolv).toMatch(
    /^nameserver 172\.17\.0\.1\nsearch corp\.test lan\.test\noptions timeout:1 attempts:1/,
  );
  const hosts = await stack.inside("web", "cat", "/etc/hosts");
  expect(hosts).toMatch(/\tfront\.shop\.test front$/m);
  expect(hosts).toContain("192.0.2.9\toutside");
  expect(await stack.inside("web", "hostname", "-f")).toBe("front.shop.test");

  const addressOf = async (service: string, name: string) =>
    (await stack.run(["exec", "-T", service, "nslookup", name])).stdout.match(
      /Address(?: \d)?: *([\d.]+)$/m,
    )?.[1];
  expect(await addressOf("web", "database")).toBe(await addressOf("web", "db"));
  expect(await addressOf("web", "remote")).toBe(await addressOf("web", "server"));
  expect(await addressOf("db", "server")).toBeDefined();

  const gateway = /^([\d.]+)\tmyhost$/m.exec(hosts)![1]!;
  expect(await addressOf("web", "host.docker.internal")).toBe(gateway);
  expect(await stack.inside("web", "wget", "-qO-", `http://${gateway}:21400/`)).toBe("found");

  expect(await stack.inside("sidecar", "cat", "/etc/resolv.conf")).toBe(resolv);
  expect(await stack.inside("sidecar", "cat", "/etc/hosts")).toBe(hosts);
  expect(await addressOf("sidecar", "database")).toBe(await addressOf("web", "db"));

  expect(await stack.inside("onhost", "hostname")).toBe(hostname());
  expect(await stack.inside("onhost", "wget", "-qO-", "http://127.0.0.1:21400/")).toBe("found");
  expect(await stack.inside("onhost", "readlink", "/proc/self/ns/net")).toBe(hostNamespace());
  expect(await stack.inside("alone", "ls", "/sys/class/net")).toBe("lo");

  expect(await stack.succeed(["port", "db", "5432"])).toBe(":0\n");
  expect((await stack.run(["port", "db", "1"])).code).toBe(1);
});

const hostNamespace = () => readlinkSync("/proc/self/ns/net");
