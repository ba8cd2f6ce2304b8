import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { commandCases, expectedFile, type Outcome, runCase, titleOf } from "../../conformance/commands.ts";

const gantry = resolve(import.meta.dirname, "../../../bin/gantry");
const expected: Readonly<Record<string, Outcome>> = JSON.parse(readFileSync(expectedFile, "utf8"));

/** Flags, variables, discovery and names, as a user calls them: what is printed, and the exit code. */
describe.concurrent("config does what Docker Compose's does", () => {
  it.each(commandCases().map((command) => [titleOf(command), command] as const))(
    "%s",
    async (title, command) => {
      expect(await runCase(gantry, command)).toEqual(expected[title]);
    },
  );
});
