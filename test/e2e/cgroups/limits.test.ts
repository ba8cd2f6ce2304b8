import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { anyDisk } from "../../support/any-disk.ts";
import { Stack } from "../../support/stack.ts";
import { needsCgroups } from "../../support/test-user.ts";

const CGROUPS = "/sys/fs/cgroup";
const isVersion2 = existsSync(join(CGROUPS, "cgroup.controllers"));
const SLEEP = `image: busybox, command: [sleep, "1000"]`;

/** What control files contain as seen in the container, below /sys/fs/cgroup; one program reads all of them. */
async function controlFiles(stack: Stack, service: string, files: readonly string[]): Promise<string[]> {
  const script = `cd ${CGROUPS}; for file in ${files.join(" ")}; do cat $file; done`;
  return (await stack.inside(service, "sh", "-c", script)).split("\n");
}

it("limits are in the container's own control files, and those without a meaning here are said with the reason", async (context) => {
  needsCgroups(context);
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
      device_read_bps: [{ path: ${disk.path}, rate: 1gb }]
      device_write_iops: [{ path: ${disk.path}, rate: 30000 }]
  free: { ${SLEEP}, cpu_period: 50000 }
  old:
    ${SLEEP.replaceAll(", command", "\n    command")}
    mem_swappiness: 10
    oom_kill_disable: true
    memswap_limit: 64m
    cpu_rt_period: 1000000
    cpu_rt_runtime: 1000
`,
  });
  const { code: started, stderr } = await stack.run(["up", "-d"]);
  expect(started, stderr).toBe(0);
  const warnings = stderr.split("\n").filter((line) => line.includes("is not enforced"));
  expect(warnings.filter((line) => !line.includes(`${stack.project}-old-1`))).toEqual([]);
  expect(stderr).toContain("swap limit is not enforced: it counts memory and swap together");
  if (isVersion2) {
    for (const limit of ["swappiness", "OOM killer off", "real-time limit"])
      expect(stderr).toContain(`${limit} is not enforced: cgroup v2`);
    const files = "memory.max memory.swap.max memory.low cpu.max cpu.weight cpuset.cpus pids.max io.max";
    expect(await controlFiles(stack, "a", files.split(" "))).toEqual([
      ...["67108864", "33554432", "33554432", "50000 100000", "174", "0", "50"],
      `${disk.numbers} rbps=1073741824 wbps=max riops=max wiops=30000`,
    ]);
    expect(await controlFiles(stack, "free", ["cpu.max"])).toEqual(["max 50000"]);
  } else {
    const memory = ["limit_in_bytes", "memsw.limit_in_bytes", "soft_limit_in_bytes"];
    const throttles = ["read_bps", "write_iops"].map((name) => `blkio/blkio.throttle.${name}_device`);
    const files = [
      "cpu/cpu.cfs_quota_us",
      "cpu/cpu.shares",
      "cpuset/cpuset.cpus",
      "pids/pids.max",
      ...throttles,
    ];
    expect(
      await controlFiles(stack, "a", [...memory.map((name) => `memory/memory.${name}`), ...files]),
    ).toEqual([
      ...["67108864", "100663296", "33554432", "50000", "2048", "0", "50"],
      ...[`${disk.numbers} 1073741824`, `${disk.numbers} 30000`],
    ]);
    expect(await controlFiles(stack, "free", ["cpu/cpu.cfs_period_us"])).toEqual(["50000"]);
    const old = ["memory/memory.swappiness", "memory/memory.oom_control"];
    expect((await controlFiles(stack, "old", old)).slice(0, 2)).toEqual(["10", "oom_kill_disable 1"]);
    // A kernel without groups for real-time scheduling (CONFIG_RT_GROUP_SCHED) has no such file.
    if (existsSync(`${CGROUPS}/cpu/cpu.rt_runtime_us`))
      expect(await controlFiles(stack, "old", ["cpu/cpu.rt_runtime_us"])).toEqual(["1000"]);
    else expect(stderr).toContain("real-time limit is not enforced: this kernel has no cpu.rt_");
  }
});

it("a group of the user's own can be the parent, and the host's groups can be shown", async (context) => {
  needsCgroups(context);
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { ${SLEEP}, cgroup_parent: /gantry-e2e-parent, cgroup: host, mem_limit: 64m }
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
  await stack.succeed(["down", "-t", "0"]);
  expect(existsSync(join(memory, "gantry-e2e-parent/gantry"))).toBe(false);
});
