import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsRoot, testUser } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

/** An ordinary user's containers cannot be on it: see below. */
const HOST_NETWORK = testUser ? "" : "network_mode: host, ";
const SLEEP = `image: busybox, command: [sleep, "1000"]`;

it("namespaces are shared with the host, a service or a container, and outlive the owner's restart", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  owner:
    image: busybox
    command: [httpd, -f, -p, "80", -h, /seed/inner]
    restart: always
    hostname: owner-host
    container_name: attrs-owner
    shm_size: 1m
  beside: { ${SLEEP}, network_mode: "service:owner", ipc: "service:owner", pid: "service:owner" }
  named: { ${SLEEP}, network_mode: "container:attrs-owner", uts: "container:attrs-owner", depends_on: [owner] }
  hostly: { ${SLEEP}, ${HOST_NETWORK}pid: host, ipc: host, uts: host, cgroup: host, userns_mode: host, extra_hosts: ["far=10.1.2.3"] }
  alone: { ${SLEEP}, network_mode: none, ipc: none, cgroup: private }
  bridged: { ${SLEEP}, network_mode: bridge }
  common: { ${SLEEP}, ipc: shareable }
`,
  });
  const up = await stack.run(["up", "-d"]);
  expect(up.stderr).not.toMatch(/warning|error/);
  expect(up.code).toBe(0);
  const namespace = (service: string, type: string) =>
    stack.inside(service, "readlink", `/proc/self/ns/${type}`);
  for (const type of ["net", "ipc", "pid"]) {
    expect(await namespace("beside", type)).toBe(await namespace("owner", type));
  }
  expect(await namespace("named", "uts")).toBe(await namespace("owner", "uts"));
  for (const type of [...(testUser ? [] : ["net"]), "ipc", "pid", "uts", "cgroup"]) {
    expect(await namespace("hostly", type), type).toBe(readlinkSync(`/proc/self/ns/${type}`));
    expect(await namespace("common", type)).not.toBe(readlinkSync(`/proc/self/ns/${type}`));
  }

  // What goes with a namespace: names, files about the network, shared memory, processes.
  expect(await stack.inside("beside", "hostname")).toBe("owner-host");
  expect(await stack.inside("beside", "cat", "/etc/hosts")).toBe(
    await stack.inside("owner", "cat", "/etc/hosts"),
  );
  expect(await stack.inside("beside", "wget", "-qO-", "http://owner/file")).toBe("from the image");
  await stack.inside("owner", "touch", "/dev/shm/mine");
  expect(await stack.inside("beside", "ls", "/dev/shm")).toBe("mine");
  expect(await stack.inside("owner", "sh", "-c", "mount | grep ' /dev/shm '")).toContain("size=1024k");
  expect(await stack.inside("beside", "ps")).toContain("httpd");
  expect(await stack.inside("hostly", "hostname")).toBe(hostname());
  expect(await stack.inside("hostly", "cat", "/etc/hosts")).toContain("10.1.2.3\tfar");
  if (!testUser) {
    const resolvers = readFileSync("/etc/resolv.conf", "utf8").trimEnd();
    expect(await stack.inside("hostly", "cat", "/etc/resolv.conf")).toBe(resolvers);
    expect(await stack.inside("hostly", "grep", "-c", "/gantry/", "/proc/self/cgroup")).not.toBe("0");
  }
  expect(
    await stack.inside("alone", "sh", "-c", "grep /gantry/ /proc/self/cgroup || ls /sys/class/net /dev"),
  ).not.toMatch(/eth|shm|gantry/);
  expect(await stack.inside("bridged", "ls", "/sys/class/net")).toContain("eth0");

  // The owner comes back into the network that the others hold; only their processes are lost with it.
  const before = await namespace("named", "net");
  await stack.run(["exec", "-T", "owner", "sh", "-c", "kill -9 $(pidof httpd)"]);
  await stack.succeed(["kill", "-s", "KILL", "beside"]);
  await stack.succeed(["kill", "-s", "KILL", "owner"]);
  await stack.succeed(["start", "owner"]);
  expect(await namespace("owner", "net")).toBe(before);
  const page = () => stack.run(["exec", "-T", "named", "wget", "-qO-", "http://127.0.0.1/file"]);
  await until("the owner serves its sharers again", async () => (await page()).stdout === "from the image\n");
  expect(await stack.inside("bridged", "wget", "-qO-", "http://owner/file")).toBe("from the image");
  await stack.succeed(["start", "beside"]);
  expect(await namespace("beside", "pid")).toBe(await namespace("owner", "pid"));
});

it("a process that shares processes takes its own along, and an unknown mode is refused", async (context) => {
  needsRoot(context, "only a cgroup tells which of the host's processes the container's were");
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: [sh, -c, "sleep 4242 & echo $$!; exec sleep 1000"], pid: host } }`,
    "wrong.yaml": `services: { a: { ${SLEEP}, network_mode: nowhere, uts: "service:b" } }`,
  });
  await stack.succeed(["up", "-d"]);
  const pid = Number(await stack.succeed(["logs", "--no-log-prefix", "a"]));
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toContain("4242");
  await stack.succeed(["stop", "-t", "0"]);
  await until("what it started has ended", () => {
    try {
      return !readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("4242");
    } catch {
      return true;
    }
  });
  const { code, stderr } = await stack.run(["-f", "wrong.yaml", "up", "-d"]);
  expect(code).toBe(1);
  expect(stderr).toContain("b");
});

it("an ordinary user is told why the host's network cannot be had, before anything is made", async (context) => {
  context.skip(!testUser, "root's containers can be on it");
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { ${SLEEP}, network_mode: host } }`,
  });
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect(code).toBe(1);
  expect(stderr).toContain("service a: network_mode: host: an ordinary user's containers cannot join");
  expect(stderr).toContain("use `ports:`");
  expect(await stack.ps("--all")).toEqual([]);
});
