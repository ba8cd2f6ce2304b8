// Derives test/conformance/commands/expected.json with Docker Compose, whose path is DOCKER_COMPOSE; with --check it
// changes nothing and says which cases would change.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { commandCases, expectedFile, runCase, titleOf } from "./commands.ts";

const program = process.env["DOCKER_COMPOSE"];
if (!program) throw new Error("set DOCKER_COMPOSE to the path of the docker-compose program");
const before = existsSync(expectedFile) ? JSON.parse(readFileSync(expectedFile, "utf8")) : {};
const derived = {};
for (const command of commandCases()) {
  const title = titleOf(command);
  derived[title] = await runCase(program, command);
  if (JSON.stringify(derived[title]) === JSON.stringify(before[title])) continue;
  console.log(`${title}: ${title in before ? "changed" : "new"}`);
  if (process.argv.includes("--check")) process.exitCode = 1;
}
if (!process.argv.includes("--check"))
  writeFileSync(expectedFile, `${JSON.stringify(derived, undefined, 2)}\n`);
