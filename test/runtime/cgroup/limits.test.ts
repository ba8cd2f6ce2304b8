import { describe, expect, test } from "vitest";
import { deviceWrites } from "../../../src/runtime/cgroup/device-rules.ts";
import { limitsForVersion1, limitsForVersion2 } from "../../../src/runtime/cgroup/limits.ts";
import type { ResourceLimits } from "../../../src/runtime/settings.ts";
import { buildResources } from "../../../src/runtime/spec/resources.ts";

const files = (writes: readonly { file: string; value: string }[]) =>
  writes.map(({ file, value }) => `${file} ${value}`);
const version1 = (limits: ResourceLimits) => files(limitsForVersion1(buildResources(limits, [])));
const version2 = (limits: ResourceLimits) => files(limitsForVersion2(buildResources(limits, [])));

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
    [1024, 39],
    [262_144, 10_000],
  ])("%d shares are a weight of %d", (shares, weight) => {
    expect(version2({ cpuShares: shares })).toEqual([`cpu.weight ${weight}`]);
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
