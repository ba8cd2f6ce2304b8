import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PathMap } from "../../../src/watch/host/path-map.ts";
import { differences } from "../../../src/watch/transfer/differences.ts";
import { hadWithHash, Manifest, UNSURE } from "../../../src/watch/transfer/manifest.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gantry-manifest-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function mapOf(...entries: readonly (readonly [string, string])[]): PathMap<string> {
  const map = new PathMap<string>();
  for (const [path, value] of entries) map.set(path, value);
  return map;
}

const entriesOf = (manifest: Manifest | undefined) => [...manifest!.entries.below()];

describe("a manifest", () => {
  it("is read as it was written, change after change", () => {
    const path = join(directory, "watch/rule");
    const manifest = Manifest.create(path, mapOf(["a", "f1"]));
    manifest.note([
      ["b/c", "f2"],
      ["a", null],
    ]);
    expect(entriesOf(Manifest.read(path))).toEqual([["b/c", "f2"]]);
    expect(Manifest.read(join(directory, "other"))).toBeUndefined();
  });

  it("forgets what a line cut short told, and nothing else", () => {
    const path = join(directory, "rule");
    Manifest.create(path, mapOf(["a", "f1"]));
    appendFileSync(path, '["b","f');
    const read = Manifest.read(path)!;
    expect(entriesOf(read)).toEqual([["a", "f1"]]);
    read.note([["c", "f3"]]);
    expect(entriesOf(Manifest.read(path))).toEqual([
      ["a", "f1"],
      ["c", "f3"],
    ]);
  });

  it("trusts what was sent no more once the machine was started again, nor anything of another form", () => {
    const path = join(directory, "rule");
    Manifest.create(path, mapOf(["image", "f1"], ["sent", hadWithHash("f2", "abc")]));
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/[0-9a-f-]{36}/, "another boot"));
    expect(entriesOf(Manifest.read(path))).toEqual([
      ["image", "f1"],
      ["sent", UNSURE],
    ]);
    writeFileSync(path, text.replace('manifest",2', 'manifest",1'));
    expect(entriesOf(Manifest.read(path))).toEqual([]);
  });

  it("does not grow for ever", () => {
    const path = join(directory, "rule");
    const manifest = Manifest.create(path, mapOf());
    const change = (number: number) => [`f${number % 10}`, `f${number}`] as const;
    for (let number = 0; number < 25_000; number += 100) {
      manifest.note(Array.from({ length: 100 }, (_, index) => change(number + index)));
    }
    expect(readFileSync(path, "utf8").split("\n").length).toBeLessThan(21_000);
    expect(entriesOf(Manifest.read(path))).toEqual(entriesOf(manifest));
  });
});

describe("differences", () => {
  const same = (path: string) => [path, path] as const;
  const have = mapOf(same("same"), same("old"), same("dir"), same("dir/a"), same("dir/b"), same("ignored"));
  const want = mapOf(same("same"), ["old", "newer"], same("new"));
  const isWatched = (path: string) => path !== "ignored";

  it("sends what is new or changed, removes a directory once, leaves alone what is ignored now", () => {
    expect(differences({ have, want, isWatched })).toEqual({
      send: ["new", "old"],
      remove: ["dir"],
      forget: ["ignored"],
    });
  });

  it("looks at the paths in question only", () => {
    expect(differences({ have, want, isWatched }, ["dir/a", "same"])).toEqual({
      send: [],
      remove: ["dir/a"],
      forget: [],
    });
  });

  it("takes content for the same that was read, and removes what a kill left half written", () => {
    const sent = mapOf(["read", hadWithHash("f1", "hash")], ["a/.gantry-0123456789ab", UNSURE]);
    expect(differences({ have: sent, want: mapOf(["read", "f1"]), isWatched: () => false })).toEqual({
      send: [],
      remove: ["a/.gantry-0123456789ab"],
      forget: [],
    });
  });
});
