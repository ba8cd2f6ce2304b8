import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Hold } from "../../../src/image/content/hold.ts";
import { putBlob } from "../../../src/image/content/put-blob.ts";
import { collectGarbage, importRootfs, removeImage, resolveImage } from "../../../src/image/index.ts";
import { unpackBlob } from "../../../src/image/layer/install-layer.ts";
import type { LayerLimits } from "../../../src/image/layer/limits.ts";
import { paxEntry, type RawEntry, rawEntry, rawTar } from "../../image/tar/raw-tar.ts";
import { failureOf, streamOf, type TemporaryStore, temporaryStore } from "./fixtures.ts";

let outside: string;
let victim: string;
let store: TemporaryStore;

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "gantry-outside-"));
  victim = join(outside, "victim");
  writeFileSync(victim, "untouched");
  store = temporaryStore();
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(outside, { recursive: true });
});

const importOf = (archive: Buffer) => importRootfs(store, streamOf(archive));
const list = (name: string) =>
  existsSync(join(store.root, name)) ? readdirSync(join(store.root, name)) : [];

async function layerOf(entries: readonly RawEntry[]): Promise<string> {
  const { id } = await importOf(rawTar(entries));
  return resolveImage(store, id)!.layerDirectories[0]!;
}

describe("a hostile archive", () => {
  it.each<[string, readonly RawEntry[]]>([
    ["a name that goes up", [{ name: "../victim", content: "overwritten" }]],
    ["a name that goes up further on", [{ name: "a/b/../../../../victim", content: "overwritten" }]],
    ["a hard link out", [{ name: "a", flag: "1", link: "../../../../etc/passwd" }]],
    ["an absolute hard link to a file of the host", [{ name: "a", flag: "1", link: "/etc/passwd" }]],
    ["a hard link to nothing", [{ name: "a", flag: "1", link: "b" }]],
    [
      "a hard link to a directory",
      [
        { name: "d", flag: "5" },
        { name: "a", flag: "1", link: "d" },
      ],
    ],
    [
      "links in a circle",
      [{ name: "a", flag: "2", link: "b" }, { name: "b", flag: "2", link: "a" }, { name: "a/x" }],
    ],
    [
      "a file as a parent",
      [
        { name: "a", content: "x" },
        { name: "a/b", content: "x" },
      ],
    ],
    ["a whiteout of the parent", [{ name: "d/.wh..", content: "" }]],
    ["a whiteout of the directory itself", [{ name: "d/.wh..." }]],
    ["a whiteout of no name", [{ name: ".wh." }]],
    ["a root that is a link", [{ name: "./", flag: "2", link: "/etc" }]],
    ["a link to nothing", [{ name: "a", flag: "2", link: "" }]],
  ])("with %s is refused and leaves nothing", async (_what, entries) => {
    expect((await failureOf(importOf(rawTar(entries)))).code).toBe("archive-unsafe");
    expect([...list("layers"), ...list("blobs/sha256")]).toEqual([]);
  });

  it("as deep as a path can be is unpacked, and can be removed again", async () => {
    const name = "d/".repeat(1700);
    const archive = Buffer.concat([
      paxEntry([["path", `${name}file`]]),
      rawTar([{ name: "x", content: "deep" }]),
    ]);
    const { id } = await importOf(archive);
    await removeImage(store, id, { force: false, usedBy: new Map() });
    expect([...list("layers"), ...list("blobs/sha256")]).toEqual([]);
  });

  it("with names too long for the file system is refused", async () => {
    for (const name of ["x".repeat(300), `${"d/".repeat(2500)}x`]) {
      const archive = Buffer.concat([paxEntry([["path", name]]), rawTar([{ name: "x", content: "x" }])]);
      expect((await failureOf(importOf(archive))).code).toBe("archive-unsafe");
    }
    expect([...list("layers"), ...list("blobs/sha256")]).toEqual([]);
  });

  it("that puts a link to the host and then a file through it stays within the layer", async () => {
    const layer = await layerOf([
      { name: "absolute", flag: "2", link: outside },
      { name: "absolute/victim", content: "contained" },
      { name: "relative", flag: "2", link: "../../../../../../../../../..//etc" },
      { name: "relative/passwd", content: "contained" },
      { name: "file", flag: "2", link: victim },
      { name: "file", content: "a file of its own" },
    ]);
    expect(readFileSync(victim, "utf8")).toBe("untouched");
    expect(readFileSync(join(layer, outside, "victim"), "utf8")).toBe("contained");
    expect(readFileSync(join(layer, "etc/passwd"), "utf8")).toBe("contained");
    expect(readFileSync(join(layer, "file"), "utf8")).toBe("a file of its own");
  });

  it("with absolute names unpacks below the layer", async () => {
    const layer = await layerOf([{ name: victim, content: "contained" }]);
    expect(readFileSync(victim, "utf8")).toBe("untouched");
    expect(readFileSync(join(layer, victim), "utf8")).toBe("contained");
  });

  it("that hard-links a link to the host and writes through it touches no host file", async () => {
    const layer = await layerOf([
      { name: "link", flag: "2", link: victim },
      { name: "hard", flag: "1", link: "link" },
      { name: "hard", content: "replaced" },
    ]);
    expect(readFileSync(victim, "utf8")).toBe("untouched");
    expect(readFileSync(join(layer, "hard"), "utf8")).toBe("replaced");
  });
});

describe("a bomb", () => {
  const small: LayerLimits = { entries: 1000, bytes: 10_000_000, ratio: 50, ratioFrom: 100_000 };

  async function unpackWithin(limits: LayerLimits, archive: Buffer): Promise<unknown> {
    using hold = new Hold(store.database);
    const { digest } = await putBlob(store, hold, streamOf(archive));
    return unpackBlob(store, digest, limits);
  }

  it.each<[string, Buffer]>([
    ["too many entries", rawTar(Array.from({ length: 1001 }, (_, index) => ({ name: `f${index}` })))],
    [
      "too many implied directories",
      rawTar([
        { name: "d/".repeat(45), flag: "5" },
        ...Array.from({ length: 40 }, (_, index) => ({ name: `${index}/`.repeat(32) })),
      ]),
    ],
    ["too much once decompressed", gzipSync(rawTar([{ name: "zeros", content: Buffer.alloc(11_000_000) }]))],
    ["a ratio out of proportion", gzipSync(rawTar([{ name: "zeros", content: Buffer.alloc(5_000_000) }]))],
    [
      "a sparse file of exabytes",
      Buffer.concat([
        paxEntry([
          ["GNU.sparse.size", "9000000000000000"],
          ["GNU.sparse.map", "0,1"],
        ]),
        rawTar([{ name: "s", content: "x" }]),
      ]),
    ],
  ])("of %s is defused and leaves nothing", async (_what, archive) => {
    expect((await failureOf(unpackWithin(small, archive))).code).toBe("archive-too-large");
    await collectGarbage(store);
    expect([...list("layers"), ...list("blobs/sha256")]).toEqual([]);
  });

  it("is not what an honest layer of 100,000 entries is", async () => {
    // In memory: what is tried here is our limits, not how fast a disk makes files.
    using memory = temporaryStore(mkdtempSync("/dev/shm/gantry-image-"));
    const names = Array.from({ length: 100_000 }, (_, index) => `d${index % 300}/file-${index}`);
    const entries = names.map((name) => rawEntry({ name, content: "x" }));
    const { id } = await importRootfs(memory, streamOf(Buffer.concat([...entries, Buffer.alloc(1024)])));
    const [layer] = resolveImage(memory, id)!.layerDirectories;
    expect(readdirSync(layer!)).toHaveLength(300);
    expect(readdirSync(join(layer!, "d7"))).toHaveLength(334);
  });
});
