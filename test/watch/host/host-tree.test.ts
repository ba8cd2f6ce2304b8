import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { kindOf, modeOf } from "../../../src/watch/host/entry.ts";
import { HostTree } from "../../../src/watch/host/host-tree.ts";
import { PathFilter } from "../../../src/watch/rules/filter.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gantry-tree-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text: string) => writeFileSync(join(root, path), text);

function looked(path = root): HostTree {
  const filter = new PathFilter({ ignore: ["ignored"], include: [], dockerIgnore: [], inContext: "" });
  const tree = new HostTree(path, filter, (where, error) => {
    throw new Error(`${where}: ${error.message}`);
  });
  tree.refresh([""]);
  return tree;
}

const pathsIn = (tree: HostTree) => [...tree.entries.below()].map(([path]) => path).sort();

describe("a tree on the host", () => {
  it("says what has changed since it was last looked at", () => {
    mkdirSync(join(root, "a"));
    write("a/one", "1");
    write("two", "2");
    const tree = looked();
    write("a/one", "longer");
    write("a/three", "3");
    rmSync(join(root, "two"));
    expect(tree.refresh(["a/one", "a/three", "two"]).sort()).toEqual(["a/one", "a/three", "two"]);
    expect(pathsIn(tree)).toEqual(["", "a", "a/one", "a/three"]);
  });

  it("finds what lies below a directory that came, and loses it when it is moved away", () => {
    const tree = looked();
    mkdirSync(join(root, "d/e"), { recursive: true });
    write("d/e/f", "f");
    expect(tree.refresh(["d"]).sort()).toEqual(["d", "d/e", "d/e/f"]);
    renameSync(join(root, "d"), join(root, "g"));
    expect(tree.refresh(["d", "g"]).sort()).toEqual(["d", "d/e", "d/e/f", "g", "g/e", "g/e/f"]);
  });

  it("sees a mode, a link's new target, and a file where a directory was", () => {
    write("run", "");
    mkdirSync(join(root, "thing"));
    write("thing/inside", "");
    symlinkSync("run", join(root, "link"));
    const tree = looked();
    chmodSync(join(root, "run"), 0o755);
    rmSync(join(root, "link"));
    symlinkSync("thing", join(root, "link"));
    rmSync(join(root, "thing"), { recursive: true });
    write("thing", "now a file");
    expect(tree.refresh([""]).sort()).toEqual(["link", "run", "thing", "thing/inside"]);
    expect(kindOf(tree.entries.get("link")!)).toBe("link");
    expect(modeOf(tree.entries.get("run")!)).toBe(0o755);
  });

  it("leaves out what is ignored, and takes a single file for a tree of one", () => {
    mkdirSync(join(root, "ignored"));
    write("ignored/x", "");
    write("one", "");
    expect(pathsIn(looked())).toEqual(["", "one"]);
    expect(pathsIn(looked(join(root, "one")))).toEqual([""]);
    expect(pathsIn(looked(join(root, "missing")))).toEqual([]);
  });
});

it("sees what has changed in a directory that was removed and made again meanwhile", () => {
  mkdirSync(join(root, "d"));
  write("d/old", "");
  const tree = looked();
  rmSync(join(root, "d"), { recursive: true });
  mkdirSync(join(root, "d"));
  write("d/new", "");
  expect(tree.refresh(["d"]).sort()).toEqual(["d/new", "d/old"]);
});

it("follows a link at its place, and takes what it leads to for what lies there", () => {
  mkdirSync(join(root, "release-1"));
  mkdirSync(join(root, "release-2"));
  write("release-1/page", "1");
  write("release-2/other", "2");
  symlinkSync("release-1", join(root, "current"));
  const tree = looked(join(root, "current"));
  expect(pathsIn(tree)).toEqual(["", "page"]);
  rmSync(join(root, "current"));
  symlinkSync("release-2", join(root, "current"));
  expect(tree.refresh([""]).sort()).toEqual(["other", "page"]);
});

it("keeps names as the disk has them, whatever their case and normal form", () => {
  for (const name of ["README", "readme", "caf\u00e9", "cafe\u0301", "a b\nc"]) write(name, name);
  expect(pathsIn(looked())).toEqual(["", "README", "a b\nc", "cafe\u0301", "caf\u00e9", "readme"].sort());
});
