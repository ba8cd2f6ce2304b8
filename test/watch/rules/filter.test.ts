import { describe, expect, it } from "vitest";
import { type FilterPatterns, PathFilter } from "../../../src/watch/rules/filter.ts";

const filter = (patterns: Partial<FilterPatterns>) =>
  new PathFilter({ ignore: [], include: [], dockerIgnore: [], inContext: "", ...patterns });

describe("a rule's filter", () => {
  it("leaves out what editors and version control keep beside the files", () => {
    const plain = filter({});
    for (const path of [".git/HEAD", "a/.index.html.swp", "a/page.html~", "a/.#page", "4913"]) {
      expect(plain.wants(path), path).toBe(false);
    }
    expect(plain.wants("a/page.html")).toBe(true);
    expect(plain.enters(".git")).toBe(false);
  });

  it("goes by the patterns of the rule, relative to its path", () => {
    const rule = filter({ ignore: ["node_modules/", "**/*.log"] });
    expect(rule.wants("node_modules/a/b.js")).toBe(false);
    expect(rule.enters("node_modules")).toBe(false);
    expect(rule.wants("src/deep/x.log")).toBe(false);
    expect(rule.wants("src/node_modules.js")).toBe(true);
  });

  it("goes by .dockerignore, relative to the build context", () => {
    const rule = filter({ dockerIgnore: ["web/dist", "!web/dist/keep"], inContext: "web" });
    expect(rule.wants("dist/bundle.js")).toBe(false);
    expect(rule.wants("dist/keep")).toBe(true);
    expect(rule.enters("dist")).toBe(true);
    expect(rule.wants("other")).toBe(true);
  });

  it("takes only what is included, and makes no other directories", () => {
    const rule = filter({ include: ["**/*.py"] });
    expect(rule.wants("a/b.py")).toBe(true);
    expect(rule.wants("a/b.pyc")).toBe(false);
    expect(rule.makes("a")).toBe(false);
    expect(rule.enters("a")).toBe(true);
  });
});
