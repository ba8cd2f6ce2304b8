import { describe, expect, it } from "vitest";
import { pathParts } from "../../../src/image/layer/entry-path.ts";

describe("an entry's name", () => {
  it.each([
    ["./usr/bin/", ["usr", "bin"]],
    ["/etc//passwd", ["etc", "passwd"]],
    ["a/../b", ["b"]],
    ["./", []],
    ["", []],
    ["..a/...", ["..a", "..."]],
  ])("%s is within the root", (name, parts) => {
    expect(pathParts(name)).toEqual(parts);
  });

  it.each(["..", "../etc/passwd", "a/../../b", "/../x", "a\0b"])("%j is refused", (name) => {
    expect(() => pathParts(name)).toThrow(expect.objectContaining({ code: "archive-unsafe" }));
  });
});
