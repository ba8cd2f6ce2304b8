import { describe, expect, it } from "vitest";
import { type CopySource, decideTarget, meansContents } from "../../src/files/decide-target.ts";

const file: CopySource = { isDirectory: false, name: "f", contentsOnly: false };
const directory: CopySource = { isDirectory: true, name: "d", contentsOnly: false };
const contents: CopySource = { isDirectory: true, name: "d", contentsOnly: true };
const into = (kind: "directory" | "other" | "missing", text = "there") => ({ kind, text, name: "there" });

describe("where a copy goes, by Docker's rules", () => {
  it.each([
    ["a file into a directory keeps its name", file, into("directory"), "destination", "f"],
    ["a file over a file takes its name", file, into("other"), "parent", "there"],
    ["a file to what is missing is made there", file, into("missing"), "parent", "there"],
    ["a directory into a directory keeps its name", directory, into("directory"), "destination", "d"],
    ["what is in a directory goes right into one", contents, into("directory"), "destination", "."],
    ["a directory to what is missing becomes it", directory, into("missing", "there/"), "parent", "there"],
    ["so does what is in one", contents, into("missing"), "parent", "there"],
  ] as const)("%s", (_, source, destination, within, name) => {
    expect(decideTarget(source, destination)).toEqual({ within, name });
  });

  it("a directory is not copied over a file", () => {
    expect(() => decideTarget(directory, into("other"))).toThrow(/cannot be copied over/);
  });

  it.each(["there/", "there/."])("a file is not made a directory: %s", (text) => {
    expect(() => decideTarget(file, into("missing", text))).toThrow(/there is no directory/);
  });

  it("a whole root is copied as what is in it", () => {
    expect(decideTarget({ ...directory, name: "" }, into("directory")).name).toBe(".");
  });

  it.each([
    [".", true],
    ["a/.", true],
    ["a/./", true],
    ["a/", false],
    ["a.", false],
    ["..", false],
  ])("%s means what is in the directory: %s", (path, expected) => {
    expect(meansContents(path)).toBe(expected);
  });
});
