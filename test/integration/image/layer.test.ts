import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { importRootfs, resolveImage } from "../../../src/image/index.ts";
import type { TarEntry } from "../../../src/image/tar/entry.ts";
import { readTar } from "../../../src/image/tar/read-tar.ts";
import { paxEntry, type RawEntry, rawTar } from "../../image/tar/raw-tar.ts";
import { streamOf, type TemporaryStore, temporaryStore } from "./fixtures.ts";

/** Unpacks a layer of these entries and gives its directory. */
async function unpack(
  store: TemporaryStore,
  entries: readonly RawEntry[],
  before: Buffer = Buffer.alloc(0),
): Promise<string> {
  const { id } = await importRootfs(store, streamOf(Buffer.concat([before, rawTar(entries)])));
  return resolveImage(store, id)!.layerDirectories[0]!;
}

/** Extended attributes as "name=<hex>", sorted: GNU tar is asked, which reads all of them. */
async function attributes(path: string): Promise<string[]> {
  const options = ["--xattrs", "--xattrs-include=*", "--no-recursion", "-cf", "-", "-C", dirname(path)];
  const archive = spawnSync("tar", [...options, basename(path)], { encoding: "buffer" }).stdout;
  const [entry] = await Readable.from(readTar(streamOf(archive))).toArray();
  return (entry as TarEntry).xattrs.map(({ name, value }) => `${name}=${value.toString("hex")}`).sort();
}

const isWhiteout = (path: string) => {
  const stat = lstatSync(path);
  return stat.isCharacterDevice() && stat.rdev === 0;
};
const opaque = "trusted.overlay.opaque=79";
const directory = (name: string, modified = 0): RawEntry => ({ name, flag: "5", mode: 0o755, modified });

describe("an unpacked layer", () => {
  it("has types, owners, modes and times as the archive says", async () => {
    using store = temporaryStore();
    const layer = await unpack(store, [
      { ...directory("./", 1_000_000_000), mode: 0o750, uid: 5, gid: 6 },
      { ...directory("d", 1_100_000_000), mode: 0o1777 },
      { name: "d/suid", content: "x", mode: 0o4711, uid: 1000, gid: 1001, modified: 1_200_000_000 },
      { name: "link", flag: "2", link: "/etc/anywhere", uid: 7, modified: 1_300_000_000 },
      { name: "hard", flag: "1", link: "d/suid" },
      { name: "null", flag: "3", device: [1, 3], mode: 0o666 },
      { name: "pipe", flag: "6", mode: 0o600 },
      { name: "implied/parent/file", content: "y" },
    ]);
    const stat = (name: string) => lstatSync(join(layer, name));
    const mode = (name: string) => stat(name).mode & 0o7777;
    expect([mode("."), stat(".").uid, stat(".").gid, stat(".").mtimeMs]).toEqual([0o750, 5, 6, 1e12]);
    expect([mode("d"), stat("d").mtimeMs]).toEqual([0o1777, 1.1e12]);
    expect([mode("d/suid"), stat("d/suid").uid, stat("d/suid").gid, stat("d/suid").mtimeMs]).toEqual([
      0o4711, 1000, 1001, 1.2e12,
    ]);
    expect([readlinkSync(join(layer, "link")), stat("link").uid, stat("link").mtimeMs]).toEqual([
      "/etc/anywhere",
      7,
      1.3e12,
    ]);
    expect(stat("hard").ino).toBe(stat("d/suid").ino);
    expect([stat("null").isCharacterDevice(), stat("null").rdev, mode("null")]).toEqual([true, 0x103, 0o666]);
    expect([stat("pipe").isFIFO(), mode("pipe")]).toEqual([true, 0o600]);
    expect([mode("implied/parent"), stat("implied").uid]).toEqual([0o755, 0]);
  });

  it("has binary attributes, but none that overlayfs would obey", async () => {
    using store = temporaryStore();
    const capability = Buffer.from("0100000200200000000000000000000000000000", "hex");
    const before = paxEntry([
      ["SCHILY.xattr.security.capability", capability],
      ["SCHILY.xattr.user.note", "ü"],
      ["SCHILY.xattr.trusted.overlay.redirect", "/etc"],
      ["SCHILY.xattr.trusted.overlay.opaque", "y"],
    ]);
    const layer = await unpack(store, [{ name: "ping", content: "x", mode: 0o755, uid: 3 }], before);
    expect(await attributes(join(layer, "ping"))).toEqual([
      `security.capability=${capability.toString("hex")}`,
      "user.note=c3bc",
    ]);
  });

  it("keeps names that are not UTF-8", async () => {
    using store = temporaryStore();
    const layer = await unpack(store, [{ name: "caf\xe9", content: "x" }]);
    expect(readdirSync(layer, { encoding: "latin1" })).toEqual(["caf\xe9"]);
  });

  it("lets the last of several entries of a name win, whatever their types", async () => {
    using store = temporaryStore();
    const layer = await unpack(store, [
      { name: "a", content: "first" },
      { name: "a", content: "second" },
      directory("b"),
      { name: "b/inside", content: "x" },
      { name: "b", content: "file" },
      { name: "c", content: "x" },
      directory("c"),
      directory("d"),
      { name: "d/kept", content: "x" },
      directory("d"),
    ]);
    expect(readFileSync(join(layer, "a"), "utf8")).toBe("second");
    expect(readFileSync(join(layer, "b"), "utf8")).toBe("file");
    expect(statSync(join(layer, "c")).isDirectory()).toBe(true);
    expect(existsSync(join(layer, "d/kept"))).toBe(true);
  });

  it("expands sparse files", async () => {
    using store = temporaryStore();
    const before = paxEntry([
      ["GNU.sparse.size", "200000"],
      ["GNU.sparse.map", "100000,3"],
    ]);
    const layer = await unpack(store, [{ name: "sparse", content: "abc" }], before);
    const content = readFileSync(join(layer, "sparse"));
    expect([content.length, content.indexOf("abc"), content.lastIndexOf(0)]).toEqual([
      200_000, 100_000, 199_999,
    ]);
  });
});

describe("whiteouts", () => {
  it("become what overlayfs understands", async () => {
    using store = temporaryStore();
    const layer = await unpack(store, [
      { name: ".wh.gone" },
      { name: "new/deep/.wh.also" },
      directory("replaced"),
      { name: "replaced/.wh..wh..opq" },
      { name: "replaced/own", content: "x" },
      { name: "unnamed/.wh..wh..opq" },
      { name: ".wh..wh.plnk/123", content: "x" },
    ]);
    expect(isWhiteout(join(layer, "gone"))).toBe(true);
    expect(isWhiteout(join(layer, "new/deep/also"))).toBe(true);
    expect(await attributes(join(layer, "replaced"))).toContain(opaque);
    expect(await attributes(join(layer, "unnamed"))).toContain(opaque);
    expect(readdirSync(join(layer, "replaced"))).toEqual(["own"]);
  });

  it("do not hide an entry of their own layer, whichever comes first", async () => {
    using store = temporaryStore();
    const layer = await unpack(store, [
      { name: ".wh.file" },
      { name: "file", content: "x" },
      { name: "late", content: "x" },
      { name: ".wh.late" },
      { name: ".wh.directory" },
      directory("directory"),
      { name: ".wh.parent" },
      { name: "parent/file", content: "x" },
      directory("kept"),
      { name: ".wh.kept" },
    ]);
    expect(readFileSync(join(layer, "file"), "utf8")).toBe("x");
    expect(readFileSync(join(layer, "late"), "utf8")).toBe("x");
    // What a lower layer has beneath these directories is hidden all the same.
    for (const name of ["directory", "parent", "kept"])
      expect(await attributes(join(layer, name))).toContain(opaque);
    expect(existsSync(join(layer, "parent/file"))).toBe(true);
  });

  it("in a user namespace use the attributes that are read there, and devices are left out", async () => {
    using store = temporaryStore();
    const inNamespace = { ...store, userNamespace: true };
    const layer = await unpack(inNamespace, [
      directory("d"),
      { name: "d/.wh..wh..opq" },
      { name: "null", flag: "3", device: [1, 3] },
      { name: "pipe", flag: "6" },
    ]);
    expect(await attributes(join(layer, "d"))).toEqual(["user.overlay.opaque=79"]);
    expect(readdirSync(layer).sort()).toEqual(["d", "pipe"]);
  });
});
