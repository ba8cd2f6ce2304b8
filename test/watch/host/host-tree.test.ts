import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
  tree.refreshAll();
  return tree;
}

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
    expect([...tree.entries.keys()].sort()).toEqual(["", "a", "a/one", "a/three"]);
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
    expect(tree.refreshAll().sort()).toEqual(["link", "run", "thing", "thing/inside"]);
    expect(tree.entries.get("link")).toMatchObject({ kind: "link", target: "thing" });
  });

  it("leaves out what is ignored, and takes a single file for a tree of one", () => {
    mkdirSync(join(root, "ignored"));
    write("ignored/x", "");
    write("one", "");
    expect([...looked().entries.keys()].sort()).toEqual(["", "one"]);
    expect([...looked(join(root, "one")).entries.keys()]).toEqual([""]);
    expect([...looked(join(root, "missing")).entries.keys()]).toEqual([]);
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
