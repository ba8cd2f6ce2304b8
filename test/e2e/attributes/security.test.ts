import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsRoot, testUser } from "../../support/test-user.ts";

const SLEEP = `image: busybox, command: [sleep, "1000"]`;

const NO_MKDIR = {
  defaultAction: "SCMP_ACT_ALLOW",
  syscalls: [{ names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 38 }],
};

it("security options, privileges and kernel parameters are what the file says", async () => {
  await using stack = await Stack.create({
    "no-mkdir.json": JSON.stringify(NO_MKDIR),
    "compose.yaml": `
services:
  plain: { ${SLEEP}, annotations: { org.example.note: kept } }
  tight:
    ${SLEEP.replaceAll(", c", "\n    c")}
    security_opt: [no-new-privileges:true, "seccomp=no-mkdir.json", "mask=/proc/uptime:/proc/loadavg", "unmask=/proc/sys"]
    sysctls: { net.ipv4.ip_default_ttl: "77", kernel.msgmax: 4096 }
    ulimits: { nofile: { soft: 100, hard: 200 }, core: 0 }
    oom_score_adj: 321
    user: "1000"
    group_add: [crew, "4242"]
  open: { ${SLEEP}, security_opt: ["seccomp:unconfined", systempaths=unconfined, apparmor=unconfined, label=disable] }
  all: { ${SLEEP}, privileged: true }
  some: { ${SLEEP}, cap_add: [SYS_ADMIN, net_admin], cap_drop: [CAP_CHOWN] }
  root: { image: busybox, command: [sh, -c, "tty; exec sleep 1000"], init: true, tty: true, shm_size: 3m, tmpfs: ["/fast:size=1m,mode=1750,uid=7,noexec"] }
`,
  });
  await stack.succeed(["up", "-d"]);
  const sh = (service: string, script: string) => stack.inside(service, "sh", "-c", script);
  const status = (service: string, field: string) => sh(service, `grep ${field}: /proc/1/status | cut -f2`);

  expect(await status("tight", "NoNewPrivs")).toBe("1");
  expect((await stack.run(["exec", "-T", "tight", "mkdir", "/tmp/x"])).stderr).toContain("not implemented");
  expect(await sh("tight", "cat /proc/uptime /proc/loadavg")).toBe("");
  expect(await sh("tight", "cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/kernel/msgmax")).toBe("77\n4096");
  expect(await sh("tight", "grep -c ' /proc/sys ' /proc/mounts || true")).toBe("0");
  expect(await sh("plain", "grep -c ' /proc/sys proc ro' /proc/mounts")).toBe("1");
  expect(
    await sh("tight", "grep -E 'open files|core file' /proc/1/limits | tr -s ' ' | cut -d' ' -f4,5"),
  ).toMatch(/^(?:size 0|100 200)\n(?:100 200|size 0)$/);
  expect(await sh("tight", "cat /proc/1/oom_score_adj; id -G")).toBe("321\n1000 2000 4242");

  expect(await status("open", "Seccomp")).toBe("0");
  expect(await sh("open", "grep -c ' /proc/' /proc/mounts || true")).toBe("0");
  expect(await status("plain", "Seccomp")).toBe("2");

  // In a user namespace of one's own there are all of them, whatever the host's root may have lost.
  const lastCapability = Number(readFileSync("/proc/sys/kernel/cap_last_cap", "utf8"));
  const every = ((2n << BigInt(lastCapability)) - 1n).toString(16).padStart(16, "0");
  const hostMask = testUser ? every : /^CapBnd:\s+(\w+)/m.exec(readFileSync("/proc/self/status", "utf8"))![1];
  expect(await status("all", "CapEff")).toBe(hostMask);
  expect(await status("all", "Seccomp")).toBe("0");
  expect(await sh("all", "ls /dev | grep -c '^loop\\|^vda\\|^kmsg\\|^mem$'")).not.toBe("0");
  expect(BigInt(`0x${await status("some", "CapEff")}`) & 0x201001n).toBe(0x201000n & BigInt(`0x${hostMask}`));

  expect(await sh("root", "cat /proc/1/comm")).toBe("gantry-init");
  expect(await stack.succeed(["logs", "--no-log-prefix", "root"])).toMatch(/^\/dev\/(?:pts\/0|console)\s*$/);
  expect(await sh("root", "mount | grep ' /dev/shm '")).toContain("size=3072k");
  expect(await sh("root", "mount | grep ' /fast '")).toMatch(
    testUser ? /noexec.*size=1024k,mode=1750,uid=\d+,/ : /noexec.*size=1024k,mode=1750,uid=7/,
  );
  const specs = readdirSync(join(stack.root, "containers")).map((id) =>
    readFileSync(join(stack.root, "containers", id, "spec.json"), "utf8"),
  );
  expect(specs.filter((text) => text.includes(`"org.example.note":"kept"`))).toHaveLength(1);
});

/** A device of a number for experiments, that no driver has: allowed to be opened, it is still not there. */
const NODE = "240 7";
const ALLOWED = /No such device/;
const DENIED = /not permitted/;

it("devices come from the host, from rules and from CDI files", async (context) => {
  needsRoot(context, "only root makes device nodes; what a user may open is lent (docs/rootless.md)");
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  mapped: { ${SLEEP}, devices: ["./node:/dev/mapped:r"] }
  ruled: { ${SLEEP}, device_cgroup_rules: ["c 240:* r"] }
  none: { ${SLEEP} }
  named: { ${SLEEP}, devices: ["gantry-test.example/gpu=0"] }
  every: { ${SLEEP}, gpus: all }
  reserved:
    ${SLEEP.replaceAll(", c", "\n    c")}
    deploy: { resources: { reservations: { devices: [{ capabilities: [gpu], driver: gantry-test, count: 1 }] } } }
`,
    "lacking.yaml": `services: { a: { ${SLEEP}, gpus: [{ driver: other, count: 1 }] } }`,
  });
  const node = join(stack.directory, "node");
  execFileSync("mknod", [node, "c", ...NODE.split(" ")]);
  stack.write({
    "compose.yaml": readFileSync(join(stack.directory, "compose.yaml"), "utf8").replace("./node", node),
  });
  await using _cdi = cdiFile(node);
  const up = await stack.run(["up", "-d"]);
  expect(up.code, up.stderr).toBe(0);
  expect(up.stderr).toContain("/bin/hook (createContainer): gantry does not run hooks");
  const open = async (service: string, script: string) =>
    (await stack.run(["exec", "-T", service, "sh", "-c", script])).stderr;
  const make = `mknod /tmp/node c ${NODE}; cat /tmp/node`;
  expect(await open("mapped", "cat /dev/mapped")).toMatch(ALLOWED);
  expect(await open("mapped", ": > /dev/mapped")).toMatch(DENIED);
  expect(await open("ruled", make)).toMatch(ALLOWED);
  expect(await open("none", make)).toMatch(DENIED);
  expect(
    await stack.inside("named", "sh", "-c", "stat -c %t:%T /dev/pretend; cat /cdi-mount; echo $FROM_CDI"),
  ).toBe(`f0:7\n${readFileSync("/etc/hostname", "utf8").trim()}\ncommon`);
  expect(await open("named", "cat /dev/pretend")).toMatch(ALLOWED);
  expect(await stack.inside("every", "sh", "-c", "echo $ALL; ls /dev")).toMatch(/^yes\n(?!.*pretend)/s);
  expect(await stack.inside("reserved", "ls", "/dev")).toContain("pretend");
  const lacking = await stack.run(["-f", "lacking.yaml", "up", "-d"]);
  expect(lacking.code).toBe(1);
  expect(lacking.stderr).toContain("no device of this host is other, gpu");
});

/** Describes two devices to every CDI runtime of this host, until disposed of. */
function cdiFile(node: string): AsyncDisposable {
  const file = `/var/run/cdi/gantry-test-${process.pid}.yaml`;
  mkdirSync("/var/run/cdi", { recursive: true });
  writeFileSync(
    file,
    `
cdiVersion: "0.6.0"
kind: gantry-test.example/gpu
containerEdits: { env: [FROM_CDI=common] }
devices:
  - name: "0"
    containerEdits:
      deviceNodes: [{ path: /dev/pretend, hostPath: ${node}, permissions: r }]
      mounts: [{ hostPath: /etc/hostname, containerPath: /cdi-mount, options: [ro] }]
      hooks: [{ hookName: createContainer, path: /bin/hook }]
  - { name: all, containerEdits: { env: [ALL=yes] } }
`,
  );
  return { [Symbol.asyncDispose]: async () => rmSync(file) };
}

it("what cannot be given is refused, and the reason told", async () => {
  await using stack = await Stack.create({});
  const refused: readonly (readonly [string, string])[] = [
    ["sysctls: { vm.swappiness: 1 }", "sysctl vm.swappiness belongs to the whole host"],
    [
      "network_mode: host, sysctls: { net.ipv4.ip_forward: 1 }",
      testUser ? "cannot join the host's network" : "has no network namespace of its own",
    ],
    ["ulimits: { nofile: 99999999999 }", "hard limit"],
    ["storage_opt: { size: 1G }", "there are no quotas here"],
    ["use_api_socket: true", "there is no engine here to talk to"],
    ["isolation: hyperv", "for Windows containers only"],
    ["credential_spec: { file: x.json }", "for Windows containers only"],
    ["platform: linux/s390x, pull_policy: never", "busybox: it is missing"],
    ["security_opt: [no-new-privs]", '"no-new-privs" is not understood'],
    ["security_opt: [seccomp=missing.json]", "missing.json does not exist"],
    ["cap_add: [SYS_EVERYTHING]", 'unknown capability "SYS_EVERYTHING"'],
    ["devices: [/dev/not-there]", "device /dev/not-there does not exist"],
    ["group_add: [nobodies]", 'no group "nobodies"'],
  ];
  for (const [attribute, reason] of refused) {
    stack.write({ "compose.yaml": `services: { a: { ${SLEEP}, ${attribute} } }` });
    const { code, stderr } = await stack.run(["up", "-d"]);
    expect(stderr).toContain(reason);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code, attribute).toBeGreaterThan(0);
  }
});

it("an attached up leaves out what is not to be attached, and open input keeps a reader alive", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  loud: { image: busybox, command: [echo, heard] }
  quiet: { image: busybox, command: [echo, unheard], attach: false }
  reader: { image: busybox, command: [cat], stdin_open: true }
  ended: { image: busybox, command: [cat] }
`,
  });
  const { stdout } = await stack.run(["up", "loud", "quiet"]);
  expect(stdout).toContain("heard\n");
  expect(stdout).not.toContain("unheard");
  await stack.succeed(["up", "-d", "reader", "ended"]);
  expect((await stack.ps("-a", "reader"))[0]).toMatchObject({ State: "running" });
  expect((await stack.ps("-a", "ended"))[0]).toMatchObject({ State: "exited" });
});
