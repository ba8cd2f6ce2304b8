import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeOp, encodePlanHeader, type Op, STREAM_COUNT } from "../../src/lib/launch-plan/index.ts";
import { workspace } from "./support/rootfs.ts";
import { shimPath } from "./support/shim.ts";

/** What `gantry-shim attributes` says of a directory: "path name=value" of each. */
function attributesOf(directory: string): string[] {
  const { status, stdout, stderr } = spawnSync(shimPath, ["attributes"], { cwd: directory });
  expect([status, stderr.toString()]).toEqual([0, ""]);
  const fields: Buffer[] = [];
  for (let at = 0; at < stdout.length; at += 4 + fields.at(-1)!.length) {
    fields.push(stdout.subarray(at + 4, at + 4 + stdout.readUInt32LE(at)));
  }
  const found: string[] = [];
  for (let index = 0; index < fields.length; index += 3) {
    const [path, name, value] = fields.slice(index, index + 3);
    found.push(`${path} ${name}=${value!.toString("hex")}`);
  }
  return found.sort();
}

test("attributes tells of everything below the working directory, and follows no link", () => {
  using place = workspace();
  const root = join(place.path, "root");
  mkdirSync(join(root, "a/b"), { recursive: true });
  writeFileSync(join(root, "a/file"), "x");
  writeFileSync(join(place.path, "outside"), "x");
  symlinkSync("../../outside", join(root, "a/link"));
  const set = (path: string, name: string, value: string): Op => ({
    op: "tree_xattr",
    root: place.path,
    path,
    name,
    value: Buffer.from(value, "hex"),
    optional: 0,
  });
  const operations = [
    set("root", "trusted.overlay.opaque", "79"),
    set("root/a/file", "user.empty", ""),
    set("root/a/file", "user.bytes", "00ff0a"),
    set("outside", "user.other", "01"),
  ];
  const input = Buffer.concat([encodePlanHeader(STREAM_COUNT), ...operations.map(encodeOp)]);
  expect(execFileSync(shimPath, ["tree"], { input, encoding: "utf8" })).toBe("ok\n");
  expect(attributesOf(root)).toEqual([
    ". trusted.overlay.opaque=79",
    "./a/file user.bytes=00ff0a",
    "./a/file user.empty=",
  ]);
});
