import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { resolveWithin } from "../../../src/build/tree/byte-path.ts";
import { digestGathered, gather } from "../../../src/build/tree/gather.ts";
import { selectSources } from "../../../src/build/tree/select.ts";
import { hostTree } from "../../../src/build/tree/source-tree.ts";

const root = mkdtempSync(join(tmpdir(), "gantry-select-"));
const put = (path: string, text = path) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeAll(() => {
  for (const path of ["a.txt", "b.txt", "src/main.c", "src/deep/x.c", "src/deep/x.o"]) put(path);
  symlinkSync("src", join(root, "link"));
  symlinkSync("/etc", join(root, "out"));
  symlinkSync("../../../../etc/passwd", join(root, "src/escape"));
});
afterAll(() => rmSync(root, { recursive: true }));

const tree = (patterns: readonly string[] = []) => hostTree(root, patterns, "the build context");
const paths = (written: string, patterns?: readonly string[]) =>
  selectSources(tree(patterns), written).map(({ path }) => path);
const digest = (written: string, patterns?: readonly string[]) =>
  digestGathered(selectSources(tree(patterns), written).map((one) => gather(tree(patterns), one, [])));

it("finds names, directories, wildcards and links", () => {
  expect(paths("a.txt")).toEqual(["a.txt"]);
  expect(paths("/src/")).toEqual(["src"]);
  expect(paths("*.txt")).toEqual(["a.txt", "b.txt"]);
  expect(paths("src/*/x.?")).toEqual(["src/deep/x.c", "src/deep/x.o"]);
  expect(paths("**/*.c")).toEqual(["src/main.c", "src/deep/x.c"]);
  expect(paths("link/main.c")).toEqual(["src/main.c"]);
  expect(paths("none*")).toEqual([]);
  expect(paths("../../a.txt")).toEqual(["a.txt"]);
});

it("keeps what --parents asks for", () => {
  expect(selectSources(tree(), "src/deep/x.c")[0]!.parents).toBe("src/deep");
  expect(selectSources(tree(), "src/./deep/x.c")[0]!.parents).toBe("deep");
});

it("says what is missing, and what .dockerignore hides", () => {
  expect(() => paths("nope")).toThrow("not in the build context");
  expect(() => paths("a.txt", ["*.txt"])).toThrow("by .dockerignore");
  expect(paths("*.txt", ["a*"])).toEqual(["b.txt"]);
});

it("never leaves the root, whatever links say", () => {
  expect(resolveWithin(root, "out/passwd", true)).toBe("etc/passwd");
  expect(resolveWithin(root, "src/escape", true)).toBe("etc/passwd");
  expect(resolveWithin(root, "src/escape", false)).toBe("src/escape");
});

it("digests content, names and modes, not times and not what is ignored", () => {
  const before = digest("src", ["**/*.o"]);
  utimesSync(join(root, "src/main.c"), 1, 1);
  put("src/deep/x.o", "other");
  expect(digest("src", ["**/*.o"])).toBe(before);
  put("src/main.c", "changed");
  expect(digest("src", ["**/*.o"])).not.toBe(before);
});
