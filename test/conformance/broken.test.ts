import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../src/cli/render/diagnostic.ts";
import { noPaint } from "../../src/cli/render/paint.ts";
import { loadProject } from "../../src/compose/index.ts";

/**
 * Compose files with the mistakes people make, and what gantry says of each, to be read as a beginner would: does it
 * say what is wrong, where, and what to do? `vitest -u` writes expected.txt anew; the difference is to be read too.
 */
const cases = join(import.meta.dirname, "broken");

function said(directory: string): string {
  const files = readdirSync(directory)
    .filter((file) => /^compose(\.\d+)?\.yaml$/.test(file))
    .sort((one, other) => one.length - other.length)
    .map((file) => join(directory, file));
  const result = loadProject({
    files,
    projectDirectory: directory,
    environment: { GIVEN: "given" },
    profiles: [],
    readFile: (path) => readFileSync(path, "utf8"),
    exists: existsSync,
  });
  const warnings = result.warnings.filter(({ code }) => code !== "unsupported-key");
  return [...warnings, ...(result.ok ? [] : result.errors)]
    .map((diagnostic) => renderDiagnostic(diagnostic, noPaint, directory))
    .join("")
    .replaceAll(directory, "/project");
}

describe("what is said of a broken file", () => {
  for (const name of readdirSync(cases).sort()) {
    it(name, async () => {
      await expect(said(join(cases, name))).toMatchFileSnapshot(join(cases, name, "expected.txt"));
    });
  }
});
