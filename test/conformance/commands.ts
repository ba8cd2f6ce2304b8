import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A call of `config`: where, with which arguments, variables and standard input. */
type CommandCase = {
  readonly in: string;
  readonly run: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly stdin?: string;
};

/** What a call gave; paths of the folder are written from /commands on. */
export type Outcome = { readonly exit: number; readonly stdout: string };

const folder = join(import.meta.dirname, "commands");

/** Where the outcomes of Docker Compose are kept, by the title of the case. */
export const expectedFile = join(folder, "expected.json");

/** The calls that are compared. */
export function commandCases(): readonly CommandCase[] {
  return JSON.parse(readFileSync(join(folder, "commands.json"), "utf8"));
}

/** A case in words; no two have the same. */
export function titleOf({ in: directory, run, with: variables, stdin }: CommandCase): string {
  const before = Object.entries(variables ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)} `);
  return `${directory}: ${before.join("")}${run}${stdin === undefined ? "" : ` < ${JSON.stringify(stdin)}`}`;
}

/** Docker Compose prints lists in another order each time. */
const lists = /--(services|volumes|networks|images|hash|profiles)\b/;
const sortedLines = (text: string) => text.split("\n").sort().join("\n");

/** Runs a case with a program. */
export function runCase(
  program: string,
  { in: directory, run, with: variables, stdin }: CommandCase,
): Promise<Outcome> {
  const cwd = resolve(folder, directory);
  const env = { HOME: "/home/someone", PATH: "/usr/bin:/bin", PWD: cwd, ...variables };
  const child = spawn(program, run.split(" "), { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  // A program that refuses its arguments does not read.
  child.stdin.on("error", () => undefined).end(stdin ?? "");
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => {
      const text = stdout.replaceAll(folder, "/commands");
      done({ exit: code ?? -1, stdout: lists.test(run) ? sortedLines(text) : text });
    });
  });
}
