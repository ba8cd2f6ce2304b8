import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { HeldDirectory } from "../../src/files/held-directory.ts";
import { resolvePath } from "../../src/files/resolve-path.ts";

const base = mkdtempSync(join(tmpdir(), "resolve-"));
mkdirSync(join(base, "root/a/b"), { recursive: true });
writeFileSync(join(base, "outside"), "secret");
writeFileSync(join(base, "root/a/f"), "");
symlinkSync("/a", join(base, "root/absolute"));
symlinkSync("../../../../outside", join(base, "root/a/up"));
symlinkSync(join(base, "outside"), join(base, "root/a/out"));
symlinkSync("loop", join(base, "root/loop"));
symlinkSync("a/f", join(base, "root/file"));
symlinkSync("/a/new", join(base, "root/dangling"));
afterAll(() => rmSync(base, { recursive: true }));

/** The kind of what is found, and its name where it has one. */
function find(path: string, links: "follow" | "keep" = "follow"): string {
  using root = HeldDirectory.open(join(base, "root"));
  const place = resolvePath(root, { path, text: path }, links);
  return place.kind === "directory"
    ? `directory of ${place.directory.names()}`
    : `${place.kind} ${place.name}`;
}

describe("a path beneath a root", () => {
  it.each([
    ["/", "directory of a,absolute,dangling,file,loop"],
    ["/a/b", "directory of "],
    ["/absolute/b", "directory of "],
    ["/a/f", "other f"],
    ["/file", "other f"],
    ["/dangling", "missing new"],
    ["/a/nothing", "missing nothing"],
    ["/../../a/b/../f", "other f"],
    ["/a/up", "missing outside"],
  ])("%s is %s", (path, expected) => {
    expect(find(path)).toBe(expected);
  });

  it("keeps a link at the end where that is wanted, unless a slash says that a directory is meant", () => {
    expect(find("/file", "keep")).toBe("other file");
    expect(find("/absolute", "keep")).toBe("other absolute");
    expect(find("/absolute/", "keep")).toBe("directory of b,f,out,up");
  });

  it.each([
    ["/loop", /too many symbolic links/],
    ["/a/f/x", /f is not a directory/],
    ["/a/f/", /f is not a directory/],
    ["/x/y", /there is no x on the way/],
    ["/a/out", /on the way/],
  ])("%s fails", (path, message) => {
    expect(() => find(path)).toThrow(message);
  });
});
