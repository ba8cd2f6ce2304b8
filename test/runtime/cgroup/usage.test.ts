import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readUsage } from "../../../src/runtime/cgroup/usage.ts";
import { sumOfInterfaces } from "../../../src/runtime/process/network-traffic.ts";

const base = mkdtempSync(join(tmpdir(), "usage-"));
afterAll(() => rmSync(base, { recursive: true }));

function group(version: 1 | 2, files: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(base, "group-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), `${text}\n`);
  return () => ({ version, directory });
}

describe("what a container's groups have counted", () => {
  it("is read from version 2", () => {
    const groups = group(2, {
      "memory.current": "1000",
      "memory.stat": "anon 1\ninactive_file 300\nactive_file 5",
      "memory.max": "max",
      "memory.peak": "2000",
      "cpu.stat": "usage_usec 7\nuser_usec 3",
      "pids.current": "4",
      "io.stat": "8:0 rbytes=10 wbytes=20 rios=1\n8:16 rbytes=1 wbytes=2",
    });
    expect(readUsage(groups)).toEqual({
      memory: { usage: 1000, cache: 300, peak: 2000 },
      cpu: 7000,
      processes: 4,
      io: { read: 11, written: 22 },
    });
  });

  it("is read from version 1, whose largest number is no limit", () => {
    const files = {
      "memory.usage_in_bytes": "1000",
      "memory.stat": "inactive_file 1\ntotal_inactive_file 300",
      "memory.limit_in_bytes": "9223372036854771712",
      "memory.max_usage_in_bytes": "2000",
      "cpuacct.usage": "7000",
      "pids.current": "4",
      "blkio.throttle.io_service_bytes": "8:0 Read 10\n8:0 Write 20\n8:0 Total 30\nTotal 30",
    };
    expect(readUsage(group(1, files))).toEqual({
      memory: { usage: 1000, cache: 300, peak: 2000 },
      cpu: 7000,
      processes: 4,
      io: { read: 10, written: 20 },
    });
    const limited = group(1, { ...files, "memory.limit_in_bytes": "4096" });
    expect(readUsage(limited).memory?.limit).toBe(4096);
  });

  it("is nothing where there are no groups", () => {
    expect(readUsage(() => undefined)).toEqual({});
  });
});

it("traffic is that of all interfaces but loopback", () => {
  const text = `Inter-|   Receive  |  Transmit
 face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed
    lo: 99 1 0 0 0 0 0 0 99 1 0 0 0 0 0 0
  eth0: 100 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0
  eth1:7 1 0 0 0 0 0 0 3 1 0 0 0 0 0 0
`;
  expect(sumOfInterfaces(text)).toEqual({ received: 107, sent: 23 });
});
