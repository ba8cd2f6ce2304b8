import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/commands.md"), "utf8");
const program = buildProgram(
  async () => undefined,
  () => undefined,
);
const commands = program.commands.filter((command) => !command.name().startsWith("__"));

describe("docs/commands.md", () => {
  it("names every command", () => {
    const missing = commands.map((command) => command.name()).filter((name) => !page.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});
