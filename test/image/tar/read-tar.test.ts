import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import type { TarEntry } from "../../../src/image/tar/entry.ts";
import { readTar } from "../../../src/image/tar/read-tar.ts";
import { paxEntry, rawEntry, rawTar } from "./raw-tar.ts";

type Read = TarEntry & { readonly text: string };

/** Reads an archive handed over in pieces of `step` bytes, with all contents. */
async function read(archive: Buffer, step = 1000): Promise<Read[]> {
  const entries: Read[] = [];
  for await (const entry of readTar(pieces(archive, step))) {
    const content = await buffer(entry.content());
    entries.push({ ...entry, text: content.toString("latin1") });
  }
  return entries;
}

async function* pieces(archive: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < archive.length; offset += step) yield archive.subarray(offset, offset + step);
}

const readOne = async (archive: Buffer) => (await read(archive))[0]!;
const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe("reading a tar archive", () => {
  it.each([1, 7, 511, 512, 513, 100_000])("works whatever the pieces it comes in: %i bytes", async (step) => {
    const big = "x".repeat(5000);
    const archive = rawTar([
      { name: "a", content: "hello", mode: 0o4755, uid: 1000, gid: 50, modified: 1_700_000_000 },
      { name: "d/", flag: "5", mode: 0o755 },
      { name: "d/big", content: big },
      { name: "empty" },
    ]);
    const [a, d, file, empty] = await read(archive, step);
    expect(a).toMatchObject({
      name: "a",
      type: "file",
      text: "hello",
      mode: 0o4755,
      uid: 1000,
      gid: 50,
      size: 5,
    });
    expect(a?.modified).toEqual({ seconds: 1_700_000_000n, nanoseconds: 0 });
    expect(d).toMatchObject({ name: "d/", type: "directory" });
    expect(file?.text).toBe(big);
    expect(empty).toMatchObject({ size: 0, text: "" });
  });

  it("skips the content nobody reads", async () => {
    const archive = rawTar([{ name: "a", content: "x".repeat(3000) }, { name: "b" }]);
    const names: string[] = [];
    for await (const entry of readTar(pieces(archive, 600))) names.push(entry.name);
    expect(names).toEqual(["a", "b"]);
  });

  it("knows links, devices and fifos", async () => {
    const entries = await read(
      rawTar([
        { name: "s", flag: "2", link: "../target" },
        { name: "h", flag: "1", link: "s", size: 512 },
        { name: "c", flag: "3", device: [1, 3] },
        { name: "b", flag: "4", device: [8, 0] },
        { name: "f", flag: "6" },
      ]),
    );
    expect(entries.map(({ type, link, major, minor, size }) => ({ type, link, major, minor, size }))).toEqual(
      [
        { type: "symlink", link: "../target", major: 0, minor: 0, size: 0 },
        { type: "hardlink", link: "s", major: 0, minor: 0, size: 0 },
        { type: "character", link: "", major: 1, minor: 3, size: 0 },
        { type: "block", link: "", major: 8, minor: 0, size: 0 },
        { type: "fifo", link: "", major: 0, minor: 0, size: 0 },
      ],
    );
  });

  it("joins ustar's prefix and keeps names as bytes", async () => {
    const entries = await read(
      rawTar([
        { name: "name", patch: (header) => header.write("some/long/prefix", 345) },
        { name: "caf\xe9" },
        { name: "old/", magic: "" },
      ]),
    );
    expect(entries.map((entry) => entry.name)).toEqual(["some/long/prefix/name", "caf\xe9", "old/"]);
    expect(entries[2]?.type).toBe("directory");
  });

  it("applies GNU long names and links", async () => {
    const [name, link] = ["n/".repeat(200), "l".repeat(300)];
    const entry = await readOne(
      rawTar([
        { name: "././@LongLink", flag: "L", content: `${name}\0` },
        { name: "././@LongLink", flag: "K", content: `${link}\0` },
        { name: "short", flag: "2", link: "short" },
      ]),
    );
    expect(entry).toMatchObject({ name, link });
  });

  it("applies PAX records to the one entry that follows, and binary attributes as they are", async () => {
    const capability = Buffer.from([1, 0, 0, 2, 0xff, 0x20, 0, 0, 0x0a, 0x3d]);
    const archive = Buffer.concat([
      paxEntry([
        ["path", "ünï"],
        ["mtime", "-1.25"],
        ["uid", "4000000000"],
        ["SCHILY.xattr.security.capability", capability],
        ["comment", ""],
      ]),
      rawTar([{ name: "a", content: "1" }, { name: "b" }]),
    ]);
    const [a, b] = await read(archive);
    expect(Buffer.from(a!.name, "latin1").toString()).toBe("ünï");
    expect(a).toMatchObject({
      uid: 4_000_000_000,
      modified: { seconds: -2n, nanoseconds: 750_000_000 },
      text: "1",
    });
    expect(a?.xattrs).toEqual([{ name: "security.capability", value: capability }]);
    expect(b).toMatchObject({ name: "b", uid: 0, xattrs: [] });
  });

  it("reads big numbers in binary, negative times too", async () => {
    const patch = (header: Buffer) => {
      header.writeUInt32BE(0x80000000, 108);
      header.writeUInt32BE(3_000_000_000, 112);
      header.fill(0xff, 136, 148);
    };
    const entry = await readOne(rawTar([{ name: "a", patch }]));
    expect(entry).toMatchObject({ uid: 3_000_000_000, modified: { seconds: -1n } });
  });

  it("reads what another library wrote", async () => {
    const archive = pack();
    const name = `${"deep/".repeat(60)}file`;
    archive.entry({ name, mtime: new Date(5000) }, "content");
    archive.entry({ name: "ß", type: "symlink", linkname: "ä".repeat(120) });
    archive.finalize();
    const [file, link] = await read(await buffer(archive));
    expect(file).toMatchObject({ name, text: "content", modified: { seconds: 5n } });
    expect(Buffer.from(link!.link, "latin1").toString()).toBe("ä".repeat(120));
  });

  it("ignores global headers and volume labels, and what comes after the end", async () => {
    const global = rawEntry({ name: "pax_global_header", flag: "g", content: "20 comment=whatever\n" });
    const archive = Buffer.concat([
      global,
      rawEntry({ name: "label", flag: "V" }),
      rawTar([{ name: "a" }]),
      Buffer.from("rest"),
    ]);
    expect((await read(archive)).map((entry) => entry.name)).toEqual(["a"]);
  });

  it("accepts an archive without the blocks of zeros", async () => {
    expect(await read(rawEntry({ name: "a", content: "x" }))).toHaveLength(1);
    expect(await read(Buffer.alloc(0))).toHaveLength(0);
  });
});

describe("a sparse file", () => {
  const expected = `${"\0".repeat(1000)}abc${"\0".repeat(497)}defg${"\0".repeat(96)}`;

  it("in the old GNU format is expanded, extension blocks included", async () => {
    const numbers = (header: Buffer, at: number, offset: number, length: number) => {
      header.write(
        `${offset.toString(8).padStart(11, "0")}\0${length.toString(8).padStart(11, "0")}\0`,
        at,
        "latin1",
      );
    };
    const patch = (header: Buffer) => {
      numbers(header, 386, 1000, 3);
      header[482] = 1;
      header.write("00000003100\0", 483, "latin1");
    };
    const extension = Buffer.alloc(512);
    numbers(extension, 0, 1500, 4);
    const header = rawEntry({ name: "s", flag: "S", magic: "ustar  \0", size: 7, patch });
    const entry = await readOne(
      Buffer.concat([header, extension, rawEntry({ name: "", content: "abcdefg" }).subarray(512)]),
    );
    expect(entry).toMatchObject({ type: "file", size: 1600, text: expected });
  });

  it.each([
    [
      "0.0",
      [
        ["GNU.sparse.size", "1600"],
        ["GNU.sparse.numblocks", "2"],
        ["GNU.sparse.offset", "1000"],
        ["GNU.sparse.numbytes", "3"],
        ["GNU.sparse.offset", "1500"],
        ["GNU.sparse.numbytes", "4"],
      ],
      "abcdefg",
    ],
    [
      "0.1",
      [
        ["GNU.sparse.size", "1600"],
        ["GNU.sparse.name", "s"],
        ["GNU.sparse.map", "1000,3,1500,4"],
      ],
      "abcdefg",
    ],
    [
      "1.0",
      [
        ["GNU.sparse.major", "1"],
        ["GNU.sparse.minor", "0"],
        ["GNU.sparse.name", "s"],
        ["GNU.sparse.realsize", "1600"],
      ],
      `${"2\n1000\n3\n1500\n4\n".padEnd(512, "\0")}abcdefg`,
    ],
  ] as const)("in PAX format %s is expanded", async (_version, records, content) => {
    const archive = Buffer.concat([paxEntry(records), rawTar([{ name: "s", content }, { name: "next" }])]);
    const [entry, next] = await read(archive);
    expect(entry).toMatchObject({ name: "s", size: 1600, text: expected });
    expect(next?.name).toBe("next");
  });

  it.each([
    ["overlap", "1000,3,900,4"],
    ["do not fit", "1000,3,1599,4"],
    ["do not fit", "0,99999999,99999999,1"],
    ["incomplete", "1000"],
    ["no number", "1000,-3"],
  ])("whose parts are impossible is refused: %s", async (problem, map) => {
    const records = [
      ["GNU.sparse.size", "1600"],
      ["GNU.sparse.map", map],
    ] as const;
    const archive = Buffer.concat([paxEntry(records), rawTar([{ name: "s", content: "abcdefg" }])]);
    await expect(read(archive)).rejects.toEqual(failure("archive-damaged", problem));
  });
});

describe("an unsound archive", () => {
  it.each([1, 300, 511, 512, 600, 1023, 1200])(
    "cut off after %i bytes is called truncated",
    async (length) => {
      const archive = rawEntry({ name: "a", content: "x".repeat(800) }).subarray(0, length);
      await expect(read(archive)).rejects.toEqual(failure("archive-truncated", "in the middle"));
    },
  );

  it.each<[string, Buffer]>([
    ["checksum", Buffer.alloc(1024, "not a tar archive at all. ")],
    ["size is no number", rawTar([{ name: "a", patch: (header) => header.write("zzz", 124) }])],
    ["size is negative", rawTar([{ name: "a", patch: (header) => header.fill(0xff, 124, 136) }])],
    ["out of range", rawTar([{ name: "a", patch: (header) => header.fill(0x8f, 124, 136) }])],
    ["longer than 1 MiB", rawTar([{ name: "a", flag: "x", size: 2 ** 30 }])],
    ["malformed", rawTar([{ name: "a", flag: "x", content: "9999 path=x\n" }])],
    ["malformed", rawTar([{ name: "a", flag: "x", content: "path=x\n" }])],
    ["uid is no number", Buffer.concat([paxEntry([["uid", "-1"]]), rawTar([{ name: "a" }])])],
    ["time is no number", Buffer.concat([paxEntry([["mtime", "soon"]]), rawTar([{ name: "a" }])])],
  ])("is called damaged: %s", async (problem, archive) => {
    await expect(read(archive)).rejects.toEqual(failure("archive-damaged", problem));
  });

  it("with an entry of a strange type is refused", async () => {
    await expect(read(rawTar([{ name: "a", flag: "D" }]))).rejects.toEqual(
      failure("archive-format", 'type "D"'),
    );
  });
});
