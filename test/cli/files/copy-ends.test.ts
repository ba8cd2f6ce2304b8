import { describe, expect, it } from "vitest";
import { absolutePath, parseEnd } from "../../../src/cli/files/copy-ends.ts";

describe("the ends of a copy", () => {
  it.each([
    ["web:/a", { service: "web", path: "/a" }],
    ["web:a:b", { service: "web", path: "a:b" }],
    ["./a:b", { path: "./a:b" }],
    ["/a:b", { path: "/a:b" }],
    ["-", { path: "-" }],
    [":a", { path: ":a" }],
    ["a", { path: "a" }],
  ])("%s", (text, expected) => {
    expect(parseEnd(text)).toEqual(expected);
  });

  it.each([
    ["a", "/here/a"],
    ["a/", "/here/a/"],
    [".", "/here/."],
    ["a/.", "/here/a/."],
    ["..", "/"],
    ["/", "/"],
    ["/.", "/."],
  ])("%s from /work is %s", (path, expected) => {
    expect(absolutePath("/here", path)).toBe(expected);
  });
});
