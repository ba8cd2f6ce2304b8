import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LoadResult, loadProject, renderProject } from "../../src/compose/index.ts";
import { readCase, refusedDocuments } from "./case.ts";
import { differences } from "./differences.ts";

/**
 * Compose files with the model Docker Compose makes of them (derive.mjs), compared byte for byte, and files that it
 * refuses. Where we knowingly differ, differences.ts says why, and the case holds our own model beside it.
 */
const cases = join(import.meta.dirname, "cases");

function load(directory: string): {
  readonly result: LoadResult;
  readonly interpolated: boolean;
  json: boolean;
} {
  const { files, environment, profiles, services, flags } = readCase(directory);
  const interpolated = !flags.includes("--no-interpolate");
  const result = loadProject({
    files,
    projectDirectory: directory,
    environment,
    profiles,
    services,
    interpolate: interpolated,
    normalize: !flags.includes("--no-normalize"),
    readFile: (path) => readFileSync(path, "utf8"),
    exists: existsSync,
  });
  return { result, interpolated, json: flags.includes("json") };
}

function print(directory: string): string {
  const { result, interpolated, json } = load(directory);
  if (!result.ok) throw new Error(result.errors.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return renderProject(result.project, json ? "json" : "yaml", interpolated).replaceAll(cases, "/cases");
}

describe("conformance with Docker Compose", () => {
  for (const name of readdirSync(cases).sort()) {
    const directory = join(cases, name);
    const ours = existsSync(join(directory, "ours.yaml"));
    const expected = join(directory, ours ? "ours.yaml" : "expected.yaml");
    const difference = differences[name];
    if (existsSync(join(directory, "refused.txt")) && !difference) {
      it(`${name} is refused`, () => expect(load(directory).result.ok).toBe(false));
    } else {
      it(difference ? `${name}, differing: ${difference}` : name, () => {
        expect(print(directory)).toBe(readFileSync(expected, "utf8"));
      });
    }
    if (ours) it(`${name} says why it differs`, () => expect(difference).toBeTruthy());
  }
});

describe("what Docker Compose refuses", () => {
  it.each(refusedDocuments())("$name is refused", ({ text }) => {
    const result = loadProject({
      files: ["-"],
      projectDirectory: cases,
      environment: readCase(cases).environment,
      profiles: [],
      readFile: () => text,
      exists: () => false,
    });
    expect(result.ok, text).toBe(false);
  });
});
