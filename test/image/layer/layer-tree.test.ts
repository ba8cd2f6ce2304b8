import { describe, expect, it } from "vitest";
import { FILE, LayerTree, WHITEOUT } from "../../../src/image/layer/layer-tree.ts";

const time = { seconds: 1n, nanoseconds: 0 };
const tree = (most = 100, revived: string[] = []) => new LayerTree(most, (path) => revived.push(path));

function withLinks(links: Readonly<Record<string, string>>): LayerTree {
  const made = tree();
  for (const [name, target] of Object.entries(links))
    made.put(made.place(name)!, { kind: "symlink", target });
  return made;
}

describe("the shape of a layer", () => {
  it.each([
    ["lib/x", "usr/lib/x"],
    ["lib", "lib"],
    ["abs/x", "usr/lib/x"],
    ["up/x", "x"],
    ["twice/x", "usr/lib/x"],
    ["usr/rel/x", "usr/lib/x"],
    ["host/x", "etc/x"],
  ])("finds where %s belongs: %s", (name, path) => {
    const links = {
      lib: "usr/lib",
      abs: "/usr//./lib",
      up: "../../..",
      twice: "lib",
      "usr/rel": "../lib",
      host: "/../../etc",
    };
    expect(withLinks(links).place(name)?.path).toBe(path);
  });

  it("does not follow links for ever", () => {
    expect(() => withLinks({ a: "b", b: "a" }).place("a/x")).toThrow("too many symbolic links");
  });

  it("has no place for a name below a file, or for one that is too long", () => {
    const made = tree();
    made.put(made.place("file")!, FILE);
    expect(() => made.place("file/x")).toThrow("a file is where a directory should be");
    expect(() => tree(5000).place("d/".repeat(1800))).toThrow("too long");
  });

  it("counts what it holds, parents included", () => {
    const made = tree(3);
    made.place("a/b/c/d");
    expect(() => made.place("e/f")).toThrow(expect.objectContaining({ code: "archive-too-large" }));
  });

  it("gives the times of the directories that are left in the end", () => {
    const made = tree();
    made.root.modified = time;
    for (const name of ["a", "a/b", "gone", "gone/c"]) made.putDirectory(made.place(name)!, time);
    made.place("implied/x");
    made.put(made.place("gone")!, FILE);
    made.putDirectory(made.place("a")!, { seconds: 2n, nanoseconds: 5 });
    const times = [...made.directoryTimes()].map(({ path, modified }) => [path, modified.seconds]);
    expect(times).toEqual([
      ["", 1n],
      ["a", 2n],
      ["a/b", 1n],
    ]);
  });

  it("tells when a whiteout becomes a parent", () => {
    const revived: string[] = [];
    const made = tree(100, revived);
    made.put(made.place("d/x")!, WHITEOUT);
    made.place("d/x/y/z");
    expect(revived).toEqual(["d/x"]);
  });
});
