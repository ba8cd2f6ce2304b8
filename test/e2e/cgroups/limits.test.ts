import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { anyDisk } from "../../support/any-disk.ts";
import { Stack } from "../../support/stack.ts";

const CGROUPS = "/sys/fs/cgroup";
const isVersion2 = existsSync(join(CGROUPS, "cgroup.controllers"));
const SLEEP = `image: busybox, command: [sleep, "1000"]`;

/** A control file as it is seen in the container: by its name on version 2, or by controller and name on version 1. */
const inside = (stack: Stack, service: string, version2: string, version1: string) =>
  stack.inside(service, "cat", join(CGROUPS, isVersion2 ? version2 : version1));

it("limits are in the container's own control files, where programs look for them", async () => {
  const disk = anyDisk();
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a:
    ${SLEEP.replaceAll(", command", "\n    command")}
    mem_limit: 64m
    memswap_limit: 96m
    mem_reservation: 32m
    cpus: 0.5
    cpu_shares: 2048
    cpuset: "0"
    pids_limit: 50
    blkio_config:
      device_read_bps: [{ path: ${disk.path}, rate: 1mb }]
      device_write_iops: [{ path: ${disk.path}, rate: 30 }]
  free: { ${SLEEP}, cpu_period: 50000 }
`,
  });
  const { code: started, stderr } = await stack.run(["up", "-d"]);
  expect(started, stderr).toBe(0);
  expect(stderr).not.toContain("is not enforced");
  expect(await inside(stack, "a", "memory.max", "memory/memory.limit_in_bytes")).toBe("67108864");
  expect(await inside(stack, "a", "memory.swap.max", "memory/memory.memsw.limit_in_bytes")).toBe(
    isVersion2 ? "33554432" : "100663296",
  );
  expect(await inside(stack, "a", "memory.low", "memory/memory.soft_limit_in_bytes")).toBe("33554432");
  expect(await inside(stack, "a", "cpu.max", "cpu/cpu.cfs_quota_us")).toBe(
    isVersion2 ? "50000 100000" : "50000",
  );
  expect(await inside(stack, "a", "cpu.weight", "cpu/cpu.shares")).toBe(isVersion2 ? "174" : "2048");
  expect(await inside(stack, "a", "pids.max", "pids/pids.max")).toBe("50");
  expect(await stack.inside("a", "grep", "Cpus_allowed_list", "/proc/self/status")).toMatch(/\t0$/);
  if (isVersion2) {
    const line = `${disk.numbers} rbps=1048576 wbps=max riops=max wiops=30`;
    expect(await stack.inside("a", "cat", "/sys/fs/cgroup/io.max")).toBe(line);
  } else {
    const throttle = (file: string) =>
      stack.inside("a", "cat", `/sys/fs/cgroup/blkio/blkio.throttle.${file}_device`);
    expect(await throttle("read_bps")).toBe(`${disk.numbers} 1048576`);
    expect(await throttle("write_iops")).toBe(`${disk.numbers} 30`);
  }
  expect(await inside(stack, "free", "cpu.max", "cpu/cpu.cfs_period_us")).toMatch(/50000$/);
  const { code } = await stack.run(["exec", "-T", "a", "sh", "-c", "echo 1 > /sys/fs/cgroup/cgroup.procs"]);
  expect(code, "the control files can be written").not.toBe(0);
});

it("a limit that has no meaning on this host is said with its reason, and the container runs", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { ${SLEEP}, mem_swappiness: 10, oom_kill_disable: true, memswap_limit: 64m, cpu_rt_period: 1000000, cpu_rt_runtime: 1000 }
`,
  });
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("swap limit is not enforced: it counts memory and swap together");
  if (!isVersion2) {
    expect(await stack.inside("a", "cat", "/sys/fs/cgroup/memory/memory.swappiness")).toBe("10");
    expect(await stack.inside("a", "cat", "/sys/fs/cgroup/memory/memory.oom_control")).toContain(
      "oom_kill_disable 1",
    );
    return;
  }
  for (const limit of ["swappiness", "OOM killer off", "real-time limit"])
    expect(stderr).toContain(`${limit} is not enforced: cgroup v2`);
});

it("a group of the user's own can be the parent, and the host's groups can be shown", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { ${SLEEP}, cgroup_parent: /gantry-e2e-parent, cgroup: host, mem_limit: 64m }
  wrong: { ${SLEEP}, cgroup_parent: ../../etc, profiles: [wrong] }
  disk: { ${SLEEP}, blkio_config: { device_read_bps: [{ path: /dev/null, rate: 1mb }] }, profiles: [wrong] }
`,
  });
  onTestFinished(() => {
    const roots = isVersion2 ? [CGROUPS] : readdirSync(CGROUPS).map((name) => join(CGROUPS, name));
    for (const root of roots.filter((one) => existsSync(join(one, "gantry-e2e-parent"))))
      rmdirSync(join(root, "gantry-e2e-parent"));
  });
  await stack.succeed(["up", "-d"]);
  const groups = await stack.inside("a", "cat", "/proc/self/cgroup");
  expect(groups).toMatch(new RegExp(`:/gantry-e2e-parent/gantry/${stack.project}/[0-9a-f]{64}$`, "m"));
  const memory = isVersion2 ? CGROUPS : join(CGROUPS, "memory");
  const [id] = readdirSync(join(memory, "gantry-e2e-parent/gantry", stack.project)).filter(
    (name) => name.length === 64,
  );
  expect(await stack.inside("a", "ls", join(memory, "gantry-e2e-parent/gantry", stack.project))).toContain(
    id,
  );
  for (const [service, text] of [
    ["wrong", "cgroup_parent: ../../etc leads out of the cgroups"],
    ["disk", "/dev/null is not a block device"],
  ] as const) {
    const { code, stderr } = await stack.run(["up", "-d", service]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(text);
  }
  await stack.succeed(["down", "-t", "0"]);
  expect(existsSync(join(memory, "gantry-e2e-parent/gantry"))).toBe(false);
});
