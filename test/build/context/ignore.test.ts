import { describe, expect, it } from "vitest";
import { IgnoreRules, readIgnoreFile } from "../../../src/build/context/ignore.ts";

const ignored = (patterns: readonly string[], ...paths: string[]) => {
  const rules = new IgnoreRules(patterns);
  return paths.filter((path) => rules.ignores(path));
};

describe(".dockerignore", () => {
  it("leaves out comments and empty lines, and trims", () => {
    expect(readIgnoreFile("# c\n a \n\n #b\n!c\n")).toEqual(["a", "#b", "!c"]);
  });

  it.each<[string[], string[], string[]]>([
    [["*"], ["a", "a/b"], ["a", "a/b"]],
    [["*.md", "!README*.md"], ["a.md", "README.md", "docs/a.md"], ["a.md"]],
    [["**/*.md"], ["a.md", "docs/a.md", "docs/x/a.md", "a.mdx"], ["a.md", "docs/a.md", "docs/x/a.md"]],
    [["node_modules"], ["node_modules/a/b", "x/node_modules/a"], ["node_modules/a/b"]],
    [["/build/"], ["build", "build/x", "src/build"], ["build", "build/x"]],
    [["**/temp"], ["temp/a", "a/temp", "a/b/temp/c", "temporary"], ["temp/a", "a/temp", "a/b/temp/c"]],
    [["a/**"], ["a", "a/b", "a/b/c"], ["a/b", "a/b/c"]],
    [
      ["*", "!src", "src/*.o"],
      ["x", "src/a.c", "src/a.o"],
      ["x", "src/a.o"],
    ],
    [["temp?"], ["temp", "temp1", "temp12"], ["temp1"]],
    [
      ["[a-c].txt", "\\*.x"],
      ["a.txt", "d.txt", "*.x", "b.x"],
      ["a.txt", "*.x"],
    ],
    [["../x", "./y"], ["y"], ["y"]],
    [["a.b"], ["aXb", "a.b"], ["a.b"]],
  ])("%j", (patterns, paths, expected) => {
    expect(ignored(patterns, ...paths)).toEqual(expected);
  });
});
