import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { testUser } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const isVersion2 = existsSync("/sys/fs/cgroup/cgroup.controllers");

/** There a life takes minutes, and the one of crun, which can live nowhere else, has to do. */
const isEmulated = process.env["GANTRY_VM"] !== undefined;

/**
 * gVisor as Debian 12 has it takes a network namespace for the host's by a file that since Linux 6.13 is in all of them,
 * and then refuses it: there it runs without network.
 */
const gvisorHasNetwork = !reports("unshare -n test -e /proc/sys/net/core/rmem_default");

/** An ordinary user's containers are in a user namespace, which Debian's versions of these do not expect: not tested. */
describe.skipIf(testUser)("a service of another runtime", () => {
  it.skipIf(isEmulated)("runc", () => lives("runc", { network: true, status: "a80425fb\n2" }));
  // It refuses hosts that have both versions of cgroups.
  it.runIf(isVersion2)("crun", () => lives("crun", { network: true, status: "a80425fb\n2" }));
  // Raw sockets have to be asked for in its own options, and its filter is outside, where programs do not see it.
  it.skipIf(isEmulated)("runsc", () => lives("runsc", { network: gvisorHasNetwork, status: "a80405fb\n0" }));
});

type Expected = { readonly network: boolean; readonly status: string };

/** A life of a container: started, seen, entered, paused, stopped, killed. */
async function lives(runtime: string, { network, status }: Expected): Promise<void> {
  await using stack = await Stack.create({});
  const name = network ? runtime : wrapped(stack, runtime);
  stack.write({ "compose.yaml": compose(name) });
  await stack.succeed(["up", "-d", "--wait"]);
  const inside = (script: string) => stack.inside("a", "sh", "-c", script);
  expect(await inside("hostname; pwd; id -u; cat /etc/part")).toBe("named\n/work\n1000\nkept");
  // gVisor's kernel has not this parameter.
  const ttl = "/proc/sys/net/ipv4/ip_default_ttl";
  expect(await inside(`test -e ${ttl} && cat ${ttl} || echo none`)).toBe(runtime === "runsc" ? "none" : "77");
  expect(await inside("sed -n 's/^CapBnd:.0*//p; s/^Seccomp:.//p' /proc/self/status")).toBe(status);
  const fill = "dd if=/dev/zero of=/small/file bs=1M count=2";
  expect((await stack.run(["exec", "-T", "a", "sh", "-c", fill])).stderr).toContain("No space left");
  expect(await inside("cat /volume/file")).toBe("from the image");
  if (network) expect(await stack.inside("plain", "wget", "-qO-", "http://a:8080/")).toBe("served");
  expect((await stack.run(["exec", "-T", "a", "sh", "-c", "echo out; exit 5"])).code).toBe(5);
  await stack.succeed(["stop", "a"]);
  expect((await stack.ps("-a", "a"))[0]).toMatchObject({ State: "exited", ExitCode: 7 });
  if (isEmulated) return;

  await stack.succeed(["start", "a"]);
  expect((await stack.succeed(["logs", "--no-log-prefix", "a"])).trim()).toBe("begun\nbegun");
  await stack.succeed(["exec", "-d", "a", "touch", "/tmp/detached"]);
  await until("the detached program ran", async () => (await inside("ls /tmp")).includes("detached"));
  expect(await stack.inside("reaped", "cat", "/proc/1/cmdline")).toContain("gantry-init");
  expect((await stack.succeed(["logs", "--no-log-prefix", "reaped"])).trim()).toMatch(/^\/dev\/|^not a tty$/);

  await stack.succeed(["pause", "a"]);
  expect((await stack.ps("a"))[0]).toMatchObject({ State: "paused" });
  await stack.succeed(["unpause", "a"]);

  // The program does not outlive its monitor, also where it is not the runtime's custom.
  const { pid, monitor } = monitorOf(stack, (await stack.ps("a"))[0]!["ID"] as string);
  process.kill(monitor, "SIGKILL");
  await until("the program ends with its monitor", () => !existsSync(`/proc/${pid}`));
  await stack.succeed(["up", "-d", "--wait", "a"]);
  expect(await stack.inside("a", "cat", "/etc/part")).toBe("kept");
}

const compose = (runtime: string) => `
x-other: &other { image: busybox, runtime: ${runtime} }
services:
  a:
    <<: *other
    command: [sh, -c, "echo begun; mkdir -p /tmp/www; echo served > /tmp/www/index.html; httpd -p 8080 -h /tmp/www; trap 'exit 7' TERM; while :; do sleep 0.05; done"]
    hostname: named
    user: "1000"
    working_dir: /work
    mem_limit: 128m
    sysctls: { net.ipv4.ip_default_ttl: 77 }
    tmpfs: ["/small:size=1m", "/tmp"]
    volumes: ["seeded:/seed", { type: volume, source: seeded, target: /volume, volume: { subpath: inner } }]
    configs: [{ source: part, target: /etc/part }]
    healthcheck: { test: ["CMD", "test", "-e", "/tmp/www/index.html"] }
  reaped: { <<: *other, init: true, tty: true, command: [sh, -c, "tty; exec sleep 1000"] }
  plain: { image: busybox, command: [sleep, "1000"] }
volumes: { seeded: {} }
configs: { part: { content: "kept" } }
`;

/** A program by its path, as other installations of a runtime are named. */
function wrapped(stack: Stack, runtime: string): string {
  const path = join(stack.directory, runtime);
  writeFileSync(path, `#!/bin/sh\nexec ${runtime} --network=none "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

function monitorOf(stack: Stack, id: string): { readonly pid: number; readonly monitor: number } {
  const containers = join(stack.root, "run/containers");
  const directory = readdirSync(containers).find((one) => one.startsWith(id))!;
  const text = readFileSync(join(containers, directory, "monitor"), "utf8");
  const field = (key: string) => Number(new RegExp(`^${key} (\\d+)$`, "m").exec(text)![1]);
  return { pid: field("pid"), monitor: field("monitor_pid") };
}

function reports(command: string): boolean {
  try {
    execFileSync("sh", ["-c", command], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

it.skipIf(isEmulated)(
  "a runtime that this host does not have is told with its place, before anything is made",
  async () => {
    await using stack = await Stack.create({
      "compose.yaml": `
services:
  a: { image: busybox, runtime: kittens }
  b: { image: busybox, runtime: /no/such/runtime }
`,
    });
    const { code, stderr } = await stack.run(["up", "-d"]);
    expect(code).toBe(1);
    expect(stderr).toContain("compose.yaml:3:33: error: service a: this host has no runtime kittens");
    expect(stderr).toContain(
      "compose.yaml:4:33: error: service b: this host has no runtime /no/such/runtime",
    );
    await stack.expectNothingLeft();
  },
);
