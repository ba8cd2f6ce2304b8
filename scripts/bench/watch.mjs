#!/usr/bin/env node
// npm run bench:watch: from a saved file on the host to the same bytes in the container; beside Docker Compose watch
// where an engine runs. What a container has is read through /proc/PID/root, so that looking costs next to nothing.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docker, gantry } from "./contestants.mjs";
import { printTable } from "./measure.mjs";

const SINGLE_FILES = 40;
const MANY = 1000;
const TREE = 100_000;

const compose = (image) => `
services:
  web:
    image: ${image}
    command: [sleep, "100000"]
    develop: { watch: [{ path: ./src, target: /app, action: sync }] }
`;

const base = mkdtempSync("/var/lib/gantry-bench-");
const contestants = [gantry(base), docker(base)].filter(Boolean);
const results = [];
try {
  for (const contestant of contestants) results.push(await watchWith(contestant));
} finally {
  for (const contestant of contestants) contestant.end();
  rmSync(base, { recursive: true, force: true });
}
const row = (name, unit, key, budget) => ({
  name,
  unit,
  budget,
  values: results.map((result) => result[key]),
});
printTable(
  [
    row("one file, median", "ms", "single"),
    row("one file, 95th percentile", "ms", "singleP95", 60),
    row(`${MANY} files`, "ms", "many", 1000),
    row(`start over ${TREE} files`, "ms", "start", 2000),
    row(`idle over ${TREE} files, CPU per second`, "ms", "idle"),
    row("memory over 100000 files", "MB", "memory"),
  ],
  contestants.map(({ name }) => name),
);

async function watchWith(contestant) {
  const project = contestant.projectOf("watch", compose(contestant.image));
  const src = join(project.cwd, "src");
  mkdirSync(src, { recursive: true });
  writeFileSync(join(src, "file"), "0");
  project.run("up", "-d");
  const root = `/proc/${pidOf(contestant, project)}/root/app`;
  const watcher = await startWatch(project);
  const singles = [];
  for (let number = 1; number <= SINGLE_FILES; number++) {
    await pause(100 + Math.random() * 100);
    singles.push(
      await visibleAfter(
        () => writeFileSync(join(src, "file"), `${number}`),
        join(root, "file"),
        `${number}`,
      ),
    );
  }
  const many = [];
  for (let round = 1; round <= 3; round++) {
    await pause(1000);
    const write = () => {
      for (let number = 0; number < MANY; number++) writeFileSync(join(src, `many${number}`), `${round}`);
    };
    many.push(await visibleAfter(write, join(root, `many${MANY - 1}`), `${round}`));
  }
  await stop(watcher);
  // A project of its own: its container is taken to have the tree from its image.
  const large = contestant.projectOf("tree", compose(contestant.image));
  fillTree(join(large.cwd, "src"));
  large.run("up", "-d");
  const started = performance.now();
  const second = await startWatch(large);
  const start = [performance.now() - started];
  const pid = second.pid;
  await pause(3000);
  const before = cpuOf(pid);
  await pause(5000);
  const idle = [(cpuOf(pid) - before) / 5];
  const memory = [Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024];
  await stop(second);
  singles.sort((one, other) => one - other);
  return {
    single: singles,
    singleP95: [singles[Math.floor(singles.length * 0.95)]],
    many,
    start,
    idle,
    memory,
  };
}

function startWatch({ program, first, cwd, environment }) {
  const child = spawn(program, [...first, "watch", "--no-up"], {
    cwd,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (text) => {
      said += text;
      if (/watching|watch enabled/i.test(said)) resolve(child);
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.once("exit", () => reject(new Error(`the watch ended: ${said}`)));
  });
}

function stop(child) {
  child.removeAllListeners("exit");
  return new Promise((resolve) => {
    child.once("exit", resolve);
    child.kill("SIGINT");
  });
}

async function visibleAfter(write, path, content) {
  write();
  const saved = performance.now();
  while (contentOf(path) !== content) {
    if (performance.now() - saved > 30_000) throw new Error(`${path} never became ${content}`);
    await pause(0.5);
  }
  return performance.now() - saved;
}

function contentOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function pidOf(contestant, project) {
  if (contestant.name !== "gantry") {
    const id = project.run("ps", "-q").trim();
    return execFileSync("docker", ["inspect", "-f", "{{.State.Pid}}", id], { encoding: "utf8" }).trim();
  }
  const id = project.run("ps", "-q").trim();
  const status = readFileSync(join(base, "root/run/containers", id, "monitor"), "utf8");
  return /^pid (\d+)$/m.exec(status)[1];
}

/** Milliseconds of processor time a process has used. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function fillTree(src) {
  for (let directory = 0; directory < TREE / 100; directory++) {
    mkdirSync(join(src, `tree/d${directory}`), { recursive: true });
    for (let file = 0; file < 100; file++) writeFileSync(join(src, `tree/d${directory}/f${file}`), "x");
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
