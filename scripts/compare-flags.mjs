// Which commands and flags of Docker Compose gantry does not take: node scripts/compare-flags.mjs PATH-OF-DOCKER-COMPOSE
// Reads the help of every command of both; says nothing, and ends with 0, when none is missing.
import { execFileSync } from "node:child_process";
import { buildProgram } from "../src/cli/program.ts";

const [reference] = process.argv.slice(2);
if (reference === undefined) throw new Error("give the path of a docker-compose program");

const helpOf = (...command) => execFileSync(reference, [...command, "--help"], { encoding: "utf8" });
const flagsOf = (help) =>
  [...help.matchAll(/^ +(?:(-\w), )?(--[\w-]+)/gm)].map(([, short, long]) => ({ short, long }));

const program = buildProgram(
  async () => undefined,
  () => undefined,
);
const missing = [];

function compare(name, ours, help) {
  for (const { short, long } of flagsOf(help)) {
    const option = ours.options.find((one) => one.long === long);
    if (!option && long !== "--help") missing.push(`${name} ${long}`);
    else if (option && short && !ours.options.some((one) => one.short === short))
      missing.push(`${name} ${short}`);
  }
}

const help = helpOf();
compare("gantry", program, help);
for (const [, name] of help.matchAll(/^ {2}([a-z]+) {2,}/gm)) {
  const ours = program.commands.find((command) => command.name() === name);
  if (ours) compare(name, ours, helpOf(name));
  else missing.push(name);
}
for (const line of missing) console.log(line);
process.exitCode = missing.length > 0 ? 1 : 0;
