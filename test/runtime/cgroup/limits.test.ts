import { describe, expect, test } from "vitest";
import { cgroupPath } from "../../../src/runtime/cgroup/cgroup-path.ts";
import { deviceWrites } from "../../../src/runtime/cgroup/device-rules.ts";
import { limitsForVersion1 } from "../../../src/runtime/cgroup/limits-version-1.ts";
import { limitsForVersion2 } from "../../../src/runtime/cgroup/limits-version-2.ts";
import type { ResourceLimits } from "../../../src/runtime/settings.ts";
import { buildResources } from "../../../src/runtime/spec/resources.ts";

const files = (writes: readonly { file: string; value: string }[]) =>
  writes.map(({ file, value }) => `${file} ${value}`);
const version1 = (limits: ResourceLimits) => files(limitsForVersion1(buildResources(limits, [])).writes);
const version2 = (limits: ResourceLimits) => files(limitsForVersion2(buildResources(limits, [])).writes);
const impossible = (limits: ResourceLimits) =>
  limitsForVersion2(buildResources(limits, [])).impossible.map(({ limit }) => limit);

describe("limits", () => {
  test("no limits write nothing", () => {
    expect([version1({}), version2({})]).toEqual([[], []]);
  });

  test("memory is written before memory with swap, which is twice as much by default", () => {
    expect(version1({ memory: 100 })).toEqual([
      "memory.limit_in_bytes 100",
      "memory.memsw.limit_in_bytes 200",
    ]);
    expect(version2({ memory: 100 })).toEqual(["memory.max 100", "memory.swap.max 100"]);
  });

  test("swap may be none or unlimited", () => {
    expect(version2({ memory: 100, memorySwap: 100 })).toContain("memory.swap.max 0");
    expect(version2({ memory: 100, memorySwap: -1 })).toContain("memory.swap.max max");
    expect(version1({ memory: 100, memorySwap: -1 })).toContain("memory.memsw.limit_in_bytes -1");
  });

  test("processors become quota and period", () => {
    expect(version1({ cpus: 1.5 })).toEqual(["cpu.cfs_period_us 100000", "cpu.cfs_quota_us 150000"]);
    expect(version2({ cpus: 0.25 })).toEqual(["cpu.max 25000 100000"]);
    expect(version2({ cpuQuota: 5000, cpuPeriod: 10000 })).toEqual(["cpu.max 5000 10000"]);
  });

  test.each([
    [2, 1],
    [512, 59],
    [1024, 100],
    [2048, 174],
    [262_144, 10_000],
  ])("%d shares are a weight of %d", (shares, weight) => {
    expect(version2({ cpuShares: shares })).toEqual([`cpu.weight ${weight}`]);
  });

  test("a period without a quota is one, too", () => {
    expect(version2({ cpuPeriod: 50_000 })).toEqual(["cpu.max max 50000"]);
    expect(version1({ cpuPeriod: 50_000 })).toEqual(["cpu.cfs_period_us 50000"]);
  });

  test("real-time microseconds come after their period, and only version 1 has them", () => {
    const limits = { cpuRealtimeRuntime: 9000, cpuRealtimePeriod: 100_000 };
    expect(version1(limits)).toEqual(["cpu.rt_period_us 100000", "cpu.rt_runtime_us 9000"]);
    expect([version2(limits), impossible(limits)]).toEqual([[], ["real-time limit"]]);
  });

  test("what version 2 cannot do is said", () => {
    expect(impossible({ memorySwappiness: 10, oomKillDisable: true, memorySwap: 100 })).toEqual([
      "swappiness",
      "OOM killer off",
      "swap limit",
    ]);
    expect(impossible({ memory: 100, memorySwap: 200, cpus: 1, pids: 5 })).toEqual([]);
  });

  test("a process limit of 0 or below is none", () => {
    expect([version1({ pids: 0 }), version1({ pids: -1 }), version1({ pids: 20 })]).toEqual([
      [],
      [],
      ["pids.max 20"],
    ]);
  });
});

test("device rules are lines of devices.allow and devices.deny", () => {
  const rules = [
    { allow: false, access: "rwm" },
    { allow: true, type: "c", access: "m" },
    { allow: true, type: "b", major: 8, minor: 0, access: "r" },
  ] as const;
  expect(files(deviceWrites(rules))).toEqual([
    "devices.deny a",
    "devices.allow c *:* m",
    "devices.allow b 8:0 r",
  ]);
});

describe("limits of block devices", () => {
  const device = { major: 8, minor: 16 };
  const resources = {
    devices: [],
    blockIO: {
      weight: 500,
      weightDevice: [{ ...device, weight: 1000 }],
      throttleReadBpsDevice: [{ ...device, rate: 1048576 }],
      throttleWriteIOPSDevice: [{ ...device, rate: 30 }],
    },
  };
  const lines = (
    writes: readonly { file: string; value: string; otherwise?: { file: string; value: string } }[],
  ) => writes.map((write) => files([write, ...(write.otherwise ? [write.otherwise] : [])]).join(", else "));

  test("on version 1", () => {
    expect(lines(limitsForVersion1(resources).writes)).toEqual([
      "blkio.throttle.read_bps_device 8:16 1048576",
      "blkio.throttle.write_iops_device 8:16 30",
      "blkio.bfq.weight 500, else blkio.weight 500",
      "blkio.bfq.weight_device 8:16 1000, else blkio.weight_device 8:16 1000",
    ]);
  });

  test("on version 2", () => {
    expect(lines(limitsForVersion2(resources).writes)).toEqual([
      "io.max 8:16 rbps=1048576",
      "io.max 8:16 wiops=30",
      "io.bfq.weight default 500, else io.weight default 4950",
      "io.bfq.weight 8:16 1000, else io.weight 8:16 10000",
    ]);
  });

  test("are for block devices", () => {
    const limits = (path: string) => ({
      blockIo: { weightDevices: [], readBps: [{ path, rate: 1 }], writeBps: [], readIops: [], writeIops: [] },
    });
    expect(() => buildResources(limits("/dev/null"), [])).toThrow("/dev/null is not a block device");
    expect(() => buildResources(limits("/dev/none"), [])).toThrow("/dev/none does not exist on this host");
  });
});

describe("the path of a container's cgroup", () => {
  const path = (cgroupParent?: string) => cgroupPath({ project: "shop", id: "c1", cgroupParent });

  test.each([
    [undefined, "/gantry/shop/c1"],
    ["/jobs/nightly/", "/jobs/nightly/gantry/shop/c1"],
    ["jobs", "/jobs/gantry/shop/c1"],
    ["a-b.slice", "/a.slice/a-b.slice/gantry/shop/c1"],
  ])("beneath %s is %s", (parent, expected) => {
    expect(path(parent)).toBe(expected);
  });

  test("cannot leave the cgroups", () => {
    expect(() => path("../etc")).toThrow("leads out of the cgroups");
  });
});
