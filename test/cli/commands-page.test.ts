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

  it("says of no flag that it is missing while it is there, nor the other way round", () => {
    const wrong = commands.flatMap((command) => {
      const row = page.split("\n").find((line) => line.startsWith(`| \`${command.name()}\` `));
      const [, , , there = "", missing = ""] = (row ?? "").split("|");
      const declared = command.options.map(({ long }) => long);
      const named = (cell: string) => [...cell.matchAll(/`(--[a-z-]+)`/g)].map(([, flag]) => flag!);
      return [
        ...named(missing).filter((flag) => declared.includes(flag)),
        ...named(there).filter((flag) => !declared.includes(flag)),
      ].map((flag) => `${command.name()} ${flag}`);
    });
    expect(wrong).toEqual([]);
  });
});
