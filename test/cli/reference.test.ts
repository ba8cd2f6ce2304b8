import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { EXAMPLES_OF } from "../../src/cli/examples.ts";
import { VERBS } from "../../src/cli/verbs.ts";
import { parse } from "./command-line.ts";

const SCRIPT = resolve(import.meta.dirname, "../../scripts/generate-reference.mjs");

function reference(option: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", SCRIPT, option], {
    encoding: "utf8",
  });
  return stdout + stderr;
}

it("the reference and the manual page are what the program says (npm run reference)", () => {
  expect(reference("--check")).toBe("");
});

it("every command has an example, and every example is a command line", async () => {
  const commands = VERBS.flatMap((entry) =>
    "verbs" in entry ? entry.verbs.map((verb) => `${entry.name} ${verb.name}`) : [entry.name],
  ).filter((name) => !name.startsWith("__"));
  expect(commands.filter((name) => !EXAMPLES_OF[name])).toEqual([]);
  for (const name of commands) {
    for (const [line] of EXAMPLES_OF[name]!) {
      const [, command = ""] = /gantry ([^|<>)]*)/.exec(line)!;
      const argv = command.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'|'$/g, ""));
      const { verb } = await parse(...argv);
      expect(`${name} `.endsWith(`${verb.name} `), line).toBe(true);
    }
  }
});
