import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HostEntry } from "../../../src/watch/host/entry.ts";
import { differences } from "../../../src/watch/transfer/differences.ts";
import { Manifest } from "../../../src/watch/transfer/manifest.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gantry-manifest-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const had = (identity: string) => ({ identity, mode: 0o644 });

describe("a manifest", () => {
  it("is read as it was written, change after change", () => {
    const path = join(directory, "watch/rule");
    const manifest = Manifest.create(path, [["a", had("1")]]);
    manifest.note([
      ["b", had("2")],
      ["a", null],
    ]);
    expect([...Manifest.read(path)!.entries]).toEqual([["b", had("2")]]);
    expect(Manifest.read(join(directory, "other"))).toBeUndefined();
  });

  it("forgets what a line cut short told, and nothing else", () => {
    const path = join(directory, "rule");
    Manifest.create(path, [["a", had("1")]]);
    appendFileSync(path, '["b",{"ident');
    const read = Manifest.read(path)!;
    expect([...read.entries.keys()]).toEqual(["a"]);
    read.note([["c", had("3")]]);
    expect([...Manifest.read(path)!.entries.keys()]).toEqual(["a", "c"]);
    expect(readFileSync(path, "utf8")).not.toContain("ident{");
  });
});

describe("differences", () => {
  const entry = (identity: string): HostEntry => ({
    kind: "file",
    mode: 0o644,
    size: 1,
    modified: 0,
    identity,
  });
  const have = new Map(["same", "old", "dir", "dir/a", "dir/b"].map((path) => [path, had(path)] as const));
  const want = new Map([
    ["same", entry("same")],
    ["old", entry("newer")],
    ["new", entry("new")],
  ]);

  it("sends what is new or changed, and removes a directory once", () => {
    expect(differences(have, want, [...have.keys(), ...want.keys()])).toEqual({
      send: ["new", "old"],
      remove: ["dir"],
    });
  });

  it("looks at the paths in question only", () => {
    expect(differences(have, want, ["dir/a", "same"])).toEqual({ send: [], remove: ["dir/a"] });
  });
});
