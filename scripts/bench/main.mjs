// Medians of what a user waits for, beside the budgets of the design and, where an engine runs, Docker Compose.
// BENCH_RUNS sets the number of runs (default 5). Everything happens in a root directory of its own, removed at the end;
// BENCH_BASE says where (default /var/lib). ext4 without a journal takes care not to reuse an inode within minutes of
// its end: there, what earlier runs deleted makes each new file dearer, up to doubling an `up`. /dev/shm has no such past.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { docker, gantry } from "./contestants.mjs";
import { measure, printTable } from "./measure.mjs";
import { memoryOf } from "./memory.mjs";
import { portThroughput } from "./throughput.mjs";

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const base = mkdtempSync(join(process.env.BENCH_BASE ?? "/var/lib", "gantry-bench-"));
const contestants = [gantry(base), docker(base)].filter((contestant) => contestant !== undefined);
if (contestants.length === 1) console.log("no Docker engine runs here: gantry alone is measured\n");

const rows = [];
const row = (name, budget, unit, values) => rows.push({ name, budget, unit, values });

try {
  for (const [services, up, down] of [
    [1, 150],
    [10, 250, 150],
    [50, 500],
    [100, 900],
  ]) {
    const results = contestants.map((contestant) => {
      const project = contestant.project(services);
      const samples = { up: [], down: [] };
      for (let run = 0; run < RUNS; run++) {
        samples.up.push(measure(() => project.run("up", "-d")));
        samples.down.push(measure(() => project.run("down", "-t", "0")));
      }
      return samples;
    });
    row(
      `up -d, ${services} services`,
      up,
      "ms",
      results.map(({ up }) => up),
    );
    row(
      `down -t 0, ${services} services`,
      down,
      "ms",
      results.map(({ down }) => down),
    );
  }
  const ten = contestants.map((contestant) => contestant.project(10));
  for (const project of ten) project.run("up", "-d");
  for (const [args, budget] of [
    [["exec", "-T", "s1", "true"], 60],
    [["ps"], 50],
    [["config", "-q"], 50],
    [["version"], 45],
  ]) {
    const samples = ten.map((project) =>
      Array.from({ length: RUNS * 4 }, () => measure(() => project.run(...args))),
    );
    row(args.join(" "), budget, "ms", samples);
  }
  row("memory: supervisor, 10 containers", 60, "MB", [[memoryOf(base).supervisor]]);
  row("memory: monitor, each", 1, "MB", [[memoryOf(base).monitor]]);
  row("memory: keeper, listener, launcher", undefined, "MB", [[memoryOf(base).keeper]]);
  for (const project of ten) project.run("down", "-t", "0");
  for (const services of [1, 100, 1000]) {
    const projects = contestants.map((contestant) => contestant.project(services));
    row(
      `config -q, ${services} services`,
      undefined,
      "ms",
      projects.map((project) =>
        Array.from({ length: RUNS }, () => measure(() => project.run("config", "-q"))),
      ),
    );
  }
  const streams = contestants.map((contestant) => portThroughput(contestant, RUNS));
  row(
    "throughput of a published port",
    undefined,
    "MB/s",
    streams.map(({ published }) => published),
  );
  row(
    "throughput between containers",
    undefined,
    "MB/s",
    streams.map(({ between }) => between),
  );
} finally {
  for (const contestant of contestants) contestant.end();
  rmSync(base, { recursive: true, force: true });
}

printTable(
  rows,
  contestants.map(({ name }) => name),
);
const upOf = (services) =>
  rows.find(({ name }) => name === `up -d, ${services} services`).values[0].toSorted((a, b) => a - b)[
    Math.floor(RUNS / 2)
  ];
console.log(`\nmarginal cost per container: ${((upOf(100) - upOf(1)) / 99).toFixed(1)} ms (budget 6)`);
