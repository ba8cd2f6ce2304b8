// Derives the expected models of test/conformance/cases with Docker Compose, whose path is DOCKER_COMPOSE: expected.yaml
// is what it prints, refused.txt what it says when it refuses. With --check it changes nothing and says which cases
// would change; names of cases as arguments limit it to those. Also says which documents of test/conformance/refused
// it accepts.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCase, refusedDocuments } from "./case.ts";

const cases = join(import.meta.dirname, "cases");
const program = process.env["DOCKER_COMPOSE"];
if (!program) throw new Error("set DOCKER_COMPOSE to the path of the docker-compose program");
const check = process.argv.includes("--check");
const named = process.argv.slice(2).filter((argument) => argument !== "--check");

for (const name of readdirSync(cases).sort()) {
  if (named.length === 0 || named.includes(name)) derive(name);
}

for (const { name, text } of named.length === 0 ? refusedDocuments() : []) {
  const { environment } = readCase(cases);
  const argv = ["--project-directory", cases, "-f", "-", "config", "-q"];
  if (spawnSync(program, argv, { cwd: cases, env: environment, input: text }).status !== 0) continue;
  console.log(`${name}: accepted`);
  process.exitCode = 1;
}

function derive(name) {
  const directory = join(cases, name);
  const { files, environment, profiles, services, flags } = readCase(directory);
  const globals = [
    ...files.flatMap((file) => ["-f", file]),
    ...profiles.flatMap((profile) => ["--profile", profile]),
  ];
  const result = spawnSync(program, [...globals, "config", ...flags, ...services], {
    cwd: directory,
    encoding: "utf8",
    env: environment,
  });
  const refused = result.status !== 0;
  const complaint = `${result.stderr.trim().split("\n").at(-1)}\n`;
  const derived = (refused ? complaint : result.stdout).replaceAll(cases, "/cases");
  const [target, other] = refused ? ["refused.txt", "expected.yaml"] : ["expected.yaml", "refused.txt"];
  const path = join(directory, target);
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  // Of several faults Docker Compose names any: that it refuses is what counts.
  if (before === derived || (refused && before !== undefined)) return;
  console.log(
    `${name}: ${before === undefined ? "new" : "changed"}${refused ? `, refused: ${derived.trim()}` : ""}`,
  );
  if (check) process.exitCode = 1;
  else {
    writeFileSync(path, derived);
    rmSync(join(directory, other), { force: true });
  }
}
