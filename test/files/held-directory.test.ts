import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { HeldDirectory } from "../../src/files/held-directory.ts";

const base = mkdtempSync(join(tmpdir(), "held-"));
mkdirSync(join(base, "inner"));
writeFileSync(join(base, "file"), "text");
symlinkSync("inner", join(base, "to-inner"));
symlinkSync("file", join(base, "to-file"));
spawnSync("mkfifo", [join(base, "fifo")]);
afterAll(() => rmSync(base, { recursive: true }));

it("never takes a link for what it points to", () => {
  using held = HeldDirectory.open(base);
  expect(held.names()).toEqual(["fifo", "file", "inner", "to-file", "to-inner"]);
  expect(held.status("to-inner")?.isSymbolicLink()).toBe(true);
  expect(() => held.directory("to-inner")).toThrow(/ENOTDIR|ELOOP/);
  expect(held.file("to-file")).toBeUndefined();
  using inner = held.directory("inner");
  expect(inner.names()).toEqual([]);
});

it("opens files for reading, and nothing else, without waiting for a writer", () => {
  using held = HeldDirectory.open(base);
  expect(held.file("fifo")).toBeUndefined();
  const file = held.file("file");
  expect(file).toBeGreaterThan(0);
  closeSync(file!);
});
