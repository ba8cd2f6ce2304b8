import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CAUSES, CHANGES_EXIT_CODE, exitCodeOf, USAGE_EXIT_CODE } from "../../src/cli/exit-codes.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/exit-codes.md"), "utf8");
const rows = [...page.matchAll(/^\| (\d+) .*\|([^|]*)\|$/gm)].map(([, code, codes]) => ({
  exitCode: Number(code),
  codes: [...codes!.matchAll(/`([^`]+)`/g)].map(([, one]) => one!),
}));

describe("docs/exit-codes.md", () => {
  it("has every cause that the program tells apart, and no other", () => {
    const ofCauses = rows.filter(({ exitCode }) => exitCode >= 17 && exitCode < 125);
    expect(ofCauses).toEqual(CAUSES);
    const numbers = rows.map(({ exitCode }) => exitCode);
    expect(numbers).toEqual(expect.arrayContaining([CHANGES_EXIT_CODE, USAGE_EXIT_CODE, 130, 141]));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe("the exit code of an error", () => {
  it("is that of its cause, unless it brings one", () => {
    expect(exitCodeOf({ code: "unhealthy", exitCode: 1 })).toBe(20);
    expect(exitCodeOf({ code: "registry-denied", exitCode: 1 })).toBe(18);
    expect(exitCodeOf({ code: "image-missing", exitCode: 125 })).toBe(125);
    expect(exitCodeOf({ code: "no-compose-file", exitCode: 1 })).toBe(1);
  });
});
