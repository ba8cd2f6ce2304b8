// Compares what gantry and Docker Compose make of every Compose file below the given folders, value by value.
// Usage: DOCKER_COMPOSE=<program> node scripts/compare-corpus.mjs [--verbose] <folder>...
// Each file is loaded with all profiles. What a fragment needs of other files (an image, a network, a variable) is
// given to both programs, so that fragments are compared too. What Docker Compose said is kept in $CORPUS_CACHE, if
// that is set. Exit code 1: something differs that is not in the list below.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { loadProject, renderProject } from "../src/compose/index.ts";

const program = process.env["DOCKER_COMPOSE"];
if (!program) throw new Error("set DOCKER_COMPOSE to the path of the docker-compose program");
/** Bytes of address space for one run of Docker Compose. */
const MEMORY_LIMIT = 4 * 1024 ** 3;
const cache = process.env["CORPUS_CACHE"];
const verbose = process.argv.includes("--verbose");
const folders = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
/** Differences that are meant: see docs/compose-differences.md. */
const meant = [
  /^ {2}json\..*\.blkio_config\./,
  /^ {2}json\..*\.ulimits\./,
  /^ {2}json\..*x-[^.]*.*: gantry \[\], compose null$/,
  /^ {2}(json|yaml)\.networks\..*\.ipam\.options: /,
  /^ {2}(json|yaml)\..*\.pull_refresh_after: /,
  /^ {2}yaml\..*\.build\.ssh\.\d+: /,
  /^ {2}yaml\.(networks|volumes|configs|secrets)\..*\.name: gantry "[^"]*", compose undefined$/,
  /^ {2}json\.(networks|volumes|configs|secrets)\..*\.name: gantry "[^"]*", compose undefined$/,
  /^ {2}compose: .*additional properties '(pre_start|no_cache_filter)' not allowed/,
];
const base = { PATH: process.env["PATH"], HOME: "/home/someone" };
const count = {
  same: 0,
  "differ as meant": 0,
  "refused by both": 0,
  "accepted by gantry only": 0,
  "refused by gantry only": 0,
  differ: 0,
};

const expectedKinds = new Set(["same", "differ as meant", "refused by both"]);

const files = folders.flatMap((folder) => composeFiles(resolve(folder))).sort();
let next = 0;
await Promise.all([1, 2].map(work));
console.log(
  Object.entries({ files: files.length, ...count })
    .map(([what, number]) => `${what}: ${number}`)
    .join(", "),
);
process.exitCode = [...expectedKinds].reduce((sum, kind) => sum + count[kind], 0) === files.length ? 0 : 1;

async function work() {
  while (next < files.length) {
    const file = files[next++];
    const theirs = await expected(file);
    const { kind, lines } = judge(theirs, gantry(file, theirs.environment, theirs.filler));
    count[kind]++;
    if (verbose ? kind !== "same" : !expectedKinds.has(kind))
      console.log(`${file}: ${kind}\n${lines.join("\n")}`);
  }
}

/** YAML files that could be Compose files. */
function composeFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /^(services|include|extends|volumes|networks) *:/m.test(readFileSync(file, "utf8")));
}

async function expected(file) {
  const key = createHash("sha256")
    .update(`${file}\0${readFileSync(file, "utf8")}`)
    .digest("hex");
  const kept = cache && join(cache, `${key}.json`);
  if (kept && existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8"));
  const result = await askCompose(file, { ...base });
  if (kept) {
    mkdirSync(cache, { recursive: true });
    writeFileSync(kept, JSON.stringify(result));
  }
  return result;
}

async function askCompose(file, environment, filler, attempts = 12) {
  const yaml = await run(file, "yaml", environment, filler);
  const more = yaml.status !== 0 && attempts > 0 && filledIn(yaml.stderr, environment, filler);
  if (more) return askCompose(file, more.environment, more.filler, attempts - 1);
  const json = yaml.status === 0 ? await run(file, "json", environment, filler) : { stdout: "" };
  return {
    environment,
    filler,
    status: yaml.status,
    stderr: yaml.stderr,
    yaml: yaml.stdout,
    json: json.stdout,
  };
}

/** The environment and the filling-in file with what the program missed added; nothing when that cannot be mended. */
function filledIn(complaint, environment, filler) {
  const [, name] = /required variable (\w+) is missing/.exec(complaint) ?? [];
  if (name && !(name in environment)) return { environment: { ...environment, [name]: "8080" }, filler };
  const [, service] = /service "([^"]+)" has neither an image/.exec(complaint) ?? [];
  if (service) return { environment, filler: added(filler, "services", service, { image: "filled-in" }) };
  const [, kind, missing] =
    /refers to undefined (network|volume|config|secret) (\S+): invalid/.exec(complaint) ?? [];
  if (kind) {
    const value = kind === "network" || kind === "volume" ? {} : { file: "/filled-in" };
    return { environment, filler: added(filler, `${kind}s`, missing, value) };
  }
  const [, dependency] = /depends on undefined service "([^"]+)"/.exec(complaint) ?? [];
  if (dependency)
    return { environment, filler: added(filler, "services", dependency, { image: "filled-in" }) };
  const unset = [...complaint.matchAll(/The \\"(\w+)\\" variable is not set/g)].map(([, name]) => [
    name,
    "8080",
  ]);
  return unset.length > 0 && { environment: { ...environment, ...Object.fromEntries(unset) }, filler };
}

function added(filler, section, name, value) {
  return {
    ...filler,
    [section]: { ...filler?.[section], [name]: value },
  };
}

function run(file, format, env, filler) {
  const more = filler ? ["-f", "-"] : [];
  const argv = ["--profile", "*", "-f", file, ...more, "config", "--format", format];
  // Docker Compose follows alias bombs until the machine has no memory left.
  const options = {
    cwd: dirname(file),
    env,
    maxBuffer: 1 << 28,
    timeout: 30_000,
    killSignal: "SIGKILL",
  };
  return new Promise((done) => {
    const answer = (error, stdout, stderr) => done({ status: error ? 1 : 0, stdout, stderr });
    const { stdin } = execFile("prlimit", [`--as=${MEMORY_LIMIT}`, program, ...argv], options, answer);
    // The program may have refused the first file, and read no further.
    stdin.on("error", () => undefined);
    stdin.end(filler ? JSON.stringify(filler) : "");
  });
}

function gantry(file, environment, filler) {
  return loadProject({
    files: filler ? [file, "-"] : [file],
    projectDirectory: dirname(file),
    environment,
    profiles: ["*"],
    readFile: (path) => (path === "-" ? JSON.stringify(filler) : readFileSync(path, "utf8")),
    exists: (path) => path === "-" || existsSync(path),
  });
}

function judge(theirs, ours) {
  const refusal = theirs.stderr.trim().split("\n").at(-1);
  const faults = ours.ok ? [] : ours.errors.map(({ path, message }) => `  gantry: ${path}: ${message}`);
  if (theirs.status !== 0 && !ours.ok)
    return { kind: "refused by both", lines: [`  compose: ${refusal}`, ...faults] };
  if (theirs.status !== 0) return sorted("accepted by gantry only", [`  compose: ${refusal}`]);
  if (!ours.ok) return { kind: "refused by gantry only", lines: faults };
  const text = renderProject(ours.project, "yaml");
  const lines = [
    ...differences(parse(text), parse(theirs.yaml, { maxAliasCount: -1 }), "yaml"),
    ...(theirs.json
      ? differences(JSON.parse(renderProject(ours.project, "json")), JSON.parse(theirs.json), "json")
      : []),
  ];
  if (lines.length === 0 && text !== theirs.yaml) lines.push(...firstDifferentLine(text, theirs.yaml));
  return sorted("differ", lines);
}

/** The kind of a result, once what is meant to differ is taken out of it. */
function sorted(kind, lines) {
  const unexpected = lines.filter((line) => !meant.some((pattern) => pattern.test(line)));
  if (unexpected.length > 0) return { kind, lines: unexpected.slice(0, 10) };
  return { kind: lines.length > 0 ? "differ as meant" : "same", lines };
}

/** Where the same model is written differently. */
function firstDifferentLine(ours, theirs) {
  const [own, other] = [ours.split("\n"), theirs.split("\n")];
  const at = own.findIndex((line, index) => line !== other[index]);
  return [`  YAML line ${at + 1}: gantry ${own[at]}`, `  YAML line ${at + 1}: compose ${other[at]}`];
}

/** The paths at which two values differ. What Docker Compose's JSON leaves out by mistake is no difference. */
function differences(ours, theirs, path) {
  const isOpen = (value) => typeof value === "object" && value !== null;
  if (isOpen(ours) && isOpen(theirs) && Array.isArray(ours) === Array.isArray(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    const compared = path.startsWith("json")
      ? keys.filter((key) => key in theirs || !/^x-|^models$/.test(key))
      : keys;
    return compared.flatMap((key) => differences(ours[key], theirs[key], `${path}.${key}`));
  }
  if (ours === theirs) return [];
  return [`  ${path}: gantry ${JSON.stringify(ours)}, compose ${JSON.stringify(theirs)}`];
}
