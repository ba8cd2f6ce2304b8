// Derives the expected models of test/conformance/cases with Docker Compose, whose path is DOCKER_COMPOSE.
// With --check it changes nothing and says which cases would change. Cases Docker Compose refuses are named.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const cases = join(import.meta.dirname, "cases");
const program = process.env["DOCKER_COMPOSE"];
if (!program) throw new Error("set DOCKER_COMPOSE to the path of the docker-compose program");

for (const name of readdirSync(cases).sort()) {
  const directory = join(cases, name);
  const files = readdirSync(directory).filter((file) => /^compose(\.\d+)?\.yaml$/.test(file));
  const order = files.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
  const result = spawnSync(program, [...order.flatMap((file) => ["-f", file]), "config"], {
    cwd: directory,
    encoding: "utf8",
    env: { HOME: "/home/someone", GIVEN: "given", EMPTY: "", TOKEN: "token" },
  });
  if (result.status !== 0) {
    console.log(`${name}: refused: ${result.stderr.trim().split("\n").at(-1)}`);
    process.exitCode = 1;
    continue;
  }
  const derived = result.stdout.replaceAll(cases, "/cases");
  const target = join(directory, "expected.yaml");
  const before = existsSync(target) ? readFileSync(target, "utf8") : undefined;
  if (before === derived) continue;
  console.log(`${name}: ${before === undefined ? "new" : "changed"}`);
  if (process.argv.includes("--check")) process.exitCode = 1;
  else writeFileSync(target, derived);
}
