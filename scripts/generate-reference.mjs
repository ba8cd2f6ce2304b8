// Writes docs/reference.md and docs/gantry.1 from the program itself; with --check it says whether they are current.
// Which test uses a flag is looked up in the tests: a command and its flag, as strings of one file.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { EXAMPLES_OF } from "../src/cli/examples.ts";
import { buildProgram } from "../src/cli/program.ts";

const root = resolve(import.meta.dirname, "..");
const program = buildProgram(
  async () => undefined,
  () => undefined,
);

/** Commands with their whole names: "up", "image ls". */
const commands = program.commands
  .filter((command) => !command.name().startsWith("__"))
  .flatMap((command) =>
    command.commands.length === 0
      ? [{ name: command.name(), command }]
      : command.commands.map((one) => ({ name: `${command.name()} ${one.name()}`, command: one })),
  );

const tests = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .sort()
  .map((path) => {
    const text = readFileSync(join(root, "test", path), "utf8");
    const strings = [...text.matchAll(/"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|`([^`]*)`/g)];
    const words = strings.flatMap(([, one, two, three]) => (one ?? two ?? three).split(/\s+/));
    return { path, words: new Set(words.map((word) => word.replace(/=.*/, ""))) };
  });

/** A real container before a model of one. */
const rank = ({ path }) => ["e2e", "integration", "cli"].findIndex((kind) => path.startsWith(kind)) >>> 0;

function testOf(name, { long, short }) {
  const parts = name.split(" ");
  const found = tests.filter(({ path, words }) => {
    const isOfCommand = parts.every((part) => words.has(part)) || path.includes(`/${parts.at(-1)}-request.`);
    return isOfCommand && (words.has(long) || (short !== undefined && words.has(short)));
  });
  return found.toSorted((one, other) => rank(one) - rank(other))[0]?.path;
}

const visible = (command) => command.options.filter(({ hidden }) => !hidden);
const usageOf = ({ name, command }) => `gantry ${name} ${command.usage()}`;
const cell = (text) => text.replaceAll("|", "\\|");

/** Flags that every command has, and that are one thing in the program. */
const GENERAL = new Set(["--dry-run"]);

function flagTable({ name, command }) {
  const options = visible(command).filter(({ long }) => !GENERAL.has(long));
  if (options.length === 0) return [];
  return [
    "| flag | what it does | tested in |",
    "| --- | --- | --- |",
    ...options.map((option) => {
      const test = testOf(name, option);
      const seen = test === undefined ? "" : `[${test.split("/").at(-1)}](../test/${test})`;
      return `| \`${cell(option.flags)}\` | ${cell(option.description)} | ${seen} |`;
    }),
    "",
  ];
}

function reference() {
  const globals = visible(program).map(
    ({ flags, description }) => `| \`${cell(flags)}\` | ${cell(description)} |`,
  );
  const sections = commands.flatMap((one) => [
    `## gantry ${one.name}`,
    "",
    `${one.command.description()}.`,
    "",
    "```console",
    `$ ${usageOf(one)}`,
    "```",
    "",
    ...flagTable(one),
    ...(EXAMPLES_OF[one.name] ?? []).flatMap(([line, what]) => [`- \`${line}\`: ${what}`]),
    "",
  ]);
  return [
    "# Reference",
    "",
    "Every command and flag, written by `npm run reference` from the program itself; a test keeps it current. Every command has `--help`, and `--dry-run`, which prints what would be done. [Commands](commands.md) says what is different from Docker Compose.",
    "",
    "## Global flags",
    "",
    "Before the command's name.",
    "",
    "| flag | what it does |",
    "| --- | --- |",
    ...globals,
    "",
    ...sections,
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}

const roff = (text) =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1");

function optionsInRoff(command) {
  return visible(command).flatMap(({ flags, description }) => [
    ".TP",
    `.B ${roff(flags)}`,
    roff(description),
  ]);
}

function manual() {
  const body = commands.flatMap((one) => [
    `.SS gantry ${roff(one.name)}`,
    `${roff(one.command.description())}.`,
    ".PP",
    `.B ${roff(usageOf(one))}`,
    ...optionsInRoff(one.command),
    ...(EXAMPLES_OF[one.name] ?? []).flatMap(([line, what]) => [".PP", roff(what), ".RS", roff(line), ".RE"]),
  ]);
  return [
    '.TH GANTRY 1 "" "gantry" "User commands"',
    ".SH NAME",
    "gantry \\- run Compose files without Docker and without a daemon",
    ".SH SYNOPSIS",
    ".B gantry",
    "[OPTIONS] COMMAND",
    ".SH OPTIONS",
    ...optionsInRoff(program),
    ".SH COMMANDS",
    ...body,
    ".SH FILES",
    ".TP",
    ".B /var/lib/gantry, /run/gantry",
    "what gantry keeps, for root; below ~/.local/share and $XDG_RUNTIME_DIR for others",
    "",
  ].join("\n");
}

/** Which test shows a flag may change with any test; the rest only with the program. */
const withoutTests = (text) => text.replaceAll(/ ?\[[\w.-]+\]\(\.\.\/test\/[^)]*\) ?| {2}(?=\|)/g, " ");

const files = new Map([
  [join(root, "docs/reference.md"), reference()],
  [join(root, "docs/gantry.1"), manual()],
]);
if (process.argv.includes("--untested")) {
  for (const one of commands)
    for (const option of visible(one.command))
      if (!GENERAL.has(option.long) && testOf(one.name, option) === undefined)
        console.log(`${one.name} ${option.long}`);
} else if (process.argv.includes("--check")) {
  for (const [path, text] of files) {
    if (withoutTests(readFileSync(path, "utf8")) === withoutTests(text)) continue;
    console.error(`${relative(root, path)} is not what the program says: npm run reference`);
    process.exitCode = 1;
  }
} else for (const [path, text] of files) writeFileSync(path, text);
