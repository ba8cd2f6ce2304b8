import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { compareTrees } from "../../src/files/changes.ts";
import { HeldDirectory } from "../../src/files/held-directory.ts";
import type { TreeAttributes } from "../../src/image/index.ts";

const base = mkdtempSync(join(tmpdir(), "changes-"));
afterAll(() => rmSync(base, { recursive: true }));

/** Makes a tree of files; names that end with a slash are directories. */
function tree(name: string, files: readonly string[]): string {
  const root = join(base, name);
  for (const file of ["", ...files]) {
    const path = join(root, file);
    mkdirSync(file.endsWith("/") || file === "" ? path : dirname(path), { recursive: true });
    if (!file.endsWith("/") && file !== "") writeFileSync(path, file);
  }
  return root;
}

function changes(upper: string, lower: string, attributes: TreeAttributes = new Map()): string[] {
  using above = HeldDirectory.open(upper);
  using below = HeldDirectory.open(lower);
  return [...compareTrees(above, below, attributes)].map(({ kind, path }) => `${kind} ${path}`);
}

it("tells what was added and changed, and the directories that are so by it", () => {
  const lower = tree("lower", ["etc/a", "etc/sub/b", "same/", "usr/x"]);
  const upper = tree("upper", ["etc/a", "etc/sub/new", "made/deep/f", "same/"]);
  const time = new Date(0);
  for (const root of [lower, upper]) utimesSync(join(root, "same"), time, time);
  symlinkSync("x", join(upper, "link"));
  expect(changes(upper, lower)).toEqual([
    "C /etc",
    "C /etc/a",
    "C /etc/sub",
    "A /etc/sub/new",
    "A /link",
    "A /made",
    "A /made/deep",
    "A /made/deep/f",
  ]);
});

it("of a directory that was replaced, everything that is not in the new one is gone", () => {
  const lower = tree("lower2", ["d/old", "d/both"]);
  const upper = tree("upper2", ["d/both"]);
  const attributes = new Map([["d", [{ name: "user.overlay.opaque", value: Buffer.from("y") }]]]);
  expect(changes(upper, lower, attributes)).toEqual(["C /d", "C /d/both", "D /d/old"]);
});

it("leaves out the places that were made for the system's own mounts", () => {
  const upper = tree("upper3", ["proc/", "sys/", "dev/", "etc/hosts", "etc/resolv.conf", "etc/hostname"]);
  expect(changes(upper, tree("lower3", []))).toEqual(["A /etc"]);
});
