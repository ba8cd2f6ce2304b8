// Builds, pulls and loads beside Docker's BuildKit on the same files: medians, and gantry's highest memory.
// BENCH_RUNS sets the number of runs (default 3), BENCH_DOCKER the docker program (default docker), where an engine runs.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { busyboxArchive } from "./contestants.mjs";
import { measure, printTable } from "./measure.mjs";

const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const FILES = 1000;
const MEGABYTES = 200;
const base = mkdtempSync(join(process.env.BENCH_BASE ?? "/var/lib", "gantry-bench-"));
const context = join(base, "context");
const DOCKERFILE = `FROM bench-base
WORKDIR /made
COPY lists/ lists/
RUN mkdir made && for n in $(seq 1 2000); do echo $n > made/$n; done
COPY src/ src/
RUN cat src/* | sha256sum > sum
FROM bench-base
COPY --from=0 /made/sum /sum
CMD ["cat", "/sum"]
`;

/** A builder as a user has it: the words before its commands, and its environment. */
function contestant(name, program, environment) {
  const options = { cwd: context, env: { ...process.env, ...environment }, encoding: "utf8" };
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 });
    if (status !== 0) throw new Error(`${name} ${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  };
  return { name, program, options, run };
}

function contestants() {
  const gantry = contestant("gantry", resolve(import.meta.dirname, "../../bin/gantry"), {
    GANTRY_ROOT: join(base, "root"),
  });
  const docker = contestant("docker", process.env.BENCH_DOCKER ?? "docker", { DOCKER_BUILDKIT: "1" });
  const image = { gantry: ["image"], docker: [] };
  const all = [gantry];
  if (spawnSync(docker.program, ["info"], { stdio: "ignore" }).status === 0) all.push(docker);
  else console.log("no Docker engine runs here: gantry alone is measured\n");
  return all.map((one) => ({ ...one, image: (...args) => one.run(...image[one.name], ...args) }));
}

function writeContext() {
  for (const directory of ["lists", "src"]) mkdirSync(join(context, directory), { recursive: true });
  writeFileSync(join(context, "Dockerfile"), DOCKERFILE);
  writeFileSync(join(context, "lists/packages"), "some\n");
  for (let n = 0; n < FILES; n++) writeFileSync(join(context, `src/${n}`), randomBytes(4096));
}

/** A root file system of 200 MB, half of which does not compress, in files of 64 kB. */
function bigArchive() {
  const directory = join(base, "big");
  mkdirSync(directory);
  for (let n = 0; n < MEGABYTES * 16; n++) {
    writeFileSync(
      join(directory, String(n)),
      Buffer.concat([randomBytes(32 * 1024), Buffer.alloc(32 * 1024, n)]),
    );
  }
  const archive = join(base, "big.tar");
  execFileSync("tar", ["-C", directory, "-cf", archive, "."]);
  rmSync(directory, { recursive: true });
  return archive;
}

/** The highest memory of a command, in MB. */
async function memoryOf({ program, options }, ...args) {
  const child = spawn(program, args, { ...options, stdio: "ignore" });
  let highest = 0;
  const look = setInterval(() => {
    try {
      const found = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      highest = Math.max(highest, Number(found?.[1] ?? 0));
    } catch {
      // It has ended just now.
    }
  }, 10);
  await new Promise((ended) => child.once("close", ended));
  clearInterval(look);
  return highest / 1024;
}

async function startRegistry() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const host = `127.0.0.1:${server.address().port}`;
  server.close();
  const configuration = {
    version: "0.1",
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(base, "registry") } },
    http: { addr: host },
  };
  writeFileSync(join(base, "registry.yml"), JSON.stringify(configuration));
  const child = spawn("docker-registry", ["serve", join(base, "registry.yml")], { stdio: "ignore" });
  return { host, child };
}

const rows = [];
const row = (name, budget, unit, values) => rows.push({ name, budget, unit, values });
const times = (count, work) => Array.from({ length: count }, (_, index) => measure(() => work(index)));
const registry = await startRegistry();

try {
  writeContext();
  const all = contestants();
  const busybox = busyboxArchive(base);
  for (const { image } of all) image("import", busybox, "bench-base");
  const build = ({ run }, ...more) => run("build", ".", "-q", "-t", "bench-built", ...more);
  row(
    "cold build",
    undefined,
    "ms",
    all.map((one) => times(RUNS, () => build(one, "--no-cache"))),
  );
  for (const one of all) build(one);
  row(
    "build with nothing to do",
    undefined,
    "ms",
    all.map((one) => times(RUNS * 2, () => build(one))),
  );
  const change = (index) => writeFileSync(join(context, "src/7"), `changed ${index} ${Math.random()}`);
  const changed = all.map((one) =>
    Array.from({ length: RUNS }, (_, index) => {
      change(index);
      return measure(() => build(one));
    }),
  );
  row("build with one file changed", undefined, "ms", changed);

  const big = bigArchive();
  const name = `${registry.host}/big:1`;
  const [gantry] = all;
  gantry.image("import", big, name);
  gantry.image("push", "-q", name);
  const saved = join(base, "saved.tar");
  gantry.image("save", "-o", saved, name);
  const remove = ({ name: who, image }) => image(who === "docker" ? "rmi" : "rm", "-f", name);
  const fresh = (args) => (one) =>
    Array.from({ length: RUNS }, () => {
      remove(one);
      return measure(() => one.image(...args));
    });
  for (const one of all.slice(1)) one.image("pull", "-q", name);
  row(`pull of ${MEGABYTES} MB from loopback`, undefined, "ms", all.map(fresh(["pull", "-q", name])));
  row(`load of ${MEGABYTES} MB`, undefined, "ms", all.map(fresh(["load", "-q", "-i", saved])));
  remove(gantry);
  row("memory: pull", 150, "MB", [[await memoryOf(gantry, "image", "pull", "-q", name)]]);
  row("memory: cold build", 150, "MB", [[await memoryOf(gantry, "build", ".", "-q", "--no-cache")]]);
  printTable(
    rows,
    all.map((one) => one.name),
  );
} finally {
  registry.child.kill("SIGKILL");
  rmSync(base, { recursive: true, force: true });
}
