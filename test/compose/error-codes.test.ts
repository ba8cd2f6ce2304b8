import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const repository = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(repository, path), "utf8");

it("documents every code of the loader, and no other", () => {
  const declared = /export type ProblemCode =([^;]+);/.exec(read("src/compose/report.ts"))?.[1] ?? "";
  const codes = [...declared.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
  const section = read("docs/errors.md").split("## Codes of the Compose files")[1] ?? "";
  const documented = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(documented).toEqual(codes.sort());
});
