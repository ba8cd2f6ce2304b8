import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/attributes.md"), "utf8");

/** Rows of a section's table, cells trimmed. */
function rowsOf(section: string): string[][] {
  const text = page.split(`## ${section}\n`)[1]!.split("\n## ")[0]!;
  const lines = text.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("the page of attributes", () => {
  it("has a row for every attribute of a service, and no other", () => {
    const schema = JSON.parse(readFileSync(join(root, "schemas/compose.schema.json"), "utf8"));
    const definitions = schema.$defs ?? schema.definitions;
    const rows = rowsOf("Services").map(([name]) => name!.replaceAll("`", ""));
    expect(rows.sort()).toEqual(Object.keys(definitions.service.properties).sort());
  });

  it.each(["Services", "Networks", "Volumes", "Configs and secrets"])(
    "%s: no cell is empty, every test exists",
    (section) => {
      for (const [name, effect, test] of rowsOf(section)) {
        expect(effect, name).not.toBe("");
        const path = /\((.*)\)$/.exec(test!)?.[1];
        expect(path && existsSync(join(root, "docs", path)), `${name}: ${test}`).toBe(true);
      }
    },
  );
});
