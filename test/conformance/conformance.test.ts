import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadProject, renderProject } from "../../src/compose/index.ts";
import { differences } from "./differences.ts";

/**
 * Compose files with the model Docker Compose makes of them (derive.mjs), compared byte for byte. Where we knowingly
 * differ, differences.ts says why, and the case holds our own model beside it.
 */
const cases = join(import.meta.dirname, "cases");
const environment = { HOME: "/home/someone", GIVEN: "given", EMPTY: "", TOKEN: "token" };

function load(directory: string): string {
  const files = readdirSync(directory)
    .filter((file) => /^compose(\.\d+)?\.yaml$/.test(file))
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .map((file) => join(directory, file));
  const result = loadProject({
    files,
    projectDirectory: directory,
    environment,
    profiles: [],
    readFile: (path) => readFileSync(path, "utf8"),
    exists: existsSync,
  });
  if (!result.ok) throw new Error(result.errors.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return renderProject(result.project, "yaml").replaceAll(cases, "/cases");
}

describe("conformance with Docker Compose", () => {
  for (const name of readdirSync(cases).sort()) {
    const directory = join(cases, name);
    const expected = differences[name] ? "ours.yaml" : "expected.yaml";
    it(differences[name] ? `${name}, differing: ${differences[name]}` : name, () => {
      expect(load(directory)).toBe(readFileSync(join(directory, expected), "utf8"));
    });
  }
});
