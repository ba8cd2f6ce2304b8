import { describe, expect, it } from "vitest";
import { figuresOf } from "../../../src/cli/stats/figures.ts";
import type { Sample } from "../../../src/cli/stats/sample.ts";
import { statsTable } from "../../../src/cli/stats/stats-table.ts";

const id = "a".repeat(64);
const MiB = 1024 ** 2;

const sample = (time: number, cpu: number): Sample => ({
  id,
  name: "shop-web-1",
  service: "web",
  time,
  used: {
    cpu,
    memory: 12.5 * MiB,
    memoryLimit: 64 * MiB,
    processes: 3,
    network: { received: 1500, sent: 0 },
    io: { read: 2_000_000, written: 10 },
  },
});

describe("figures of a container", () => {
  it("are Docker's: processors by what was used in between, sizes in its units", () => {
    expect(figuresOf(sample(2000, 1.5e9), sample(1000, 1e9), true)).toEqual({
      ID: "a".repeat(12),
      Container: "a".repeat(12),
      Name: "shop-web-1",
      CPUPerc: "50.00%",
      MemUsage: "12.5MiB / 64MiB",
      MemPerc: "19.53%",
      NetIO: "1.5kB / 0B",
      BlockIO: "2MB / 10B",
      PIDs: "3",
    });
  });

  it("count nothing below zero when it was started anew in between", () => {
    expect(figuresOf(sample(2000, 1e6), sample(1000, 1e9), true).CPUPerc).toBe("0.00%");
    expect(figuresOf(sample(2000, 1e6), undefined, false)).toMatchObject({ CPUPerc: "0.00%", ID: id });
  });

  it("are unknown of what does not run", () => {
    const stopped = { id, name: "shop-web-1", service: "web", time: 0 };
    const figures = figuresOf(stopped, undefined, true);
    expect(figures).toMatchObject({ CPUPerc: "--", MemUsage: "-- / --", PIDs: "--" });
    expect(statsTable([figures]).split("\n")[0]).toBe(
      "CONTAINER ID   NAME         CPU %     MEM USAGE / LIMIT   MEM %     NET I/O   BLOCK I/O   PIDS",
    );
  });
});
