import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompress } from "../../../src/image/compression/decompress.ts";

async function* pieces(data: Buffer, step: number): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < data.length; offset += step) yield data.subarray(offset, offset + step);
}
const plain = async (data: Buffer, step = 1000) => buffer(decompress(pieces(data, step)));

const noise = randomBytes(300_000);
const other = Buffer.alloc(200_000, "other ");
const skippable = Buffer.concat([Buffer.from("502a4d1805000000", "hex"), Buffer.from("stuff")]);
const failure = (code: string) => expect.objectContaining({ code });

describe("decompressing", () => {
  it.each<[string, Buffer, Buffer]>([
    ["nothing at all", Buffer.alloc(0), Buffer.alloc(0)],
    ["what is not compressed", noise, noise],
    ["gzip", gzipSync(noise), noise],
    [
      "several gzip members",
      Buffer.concat([gzipSync(noise), gzipSync(other)]),
      Buffer.concat([noise, other]),
    ],
    ["zstd", zstdCompressSync(noise), noise],
    ["highly compressible zstd", zstdCompressSync(Buffer.alloc(10_000_000)), Buffer.alloc(10_000_000)],
    [
      "several zstd frames",
      Buffer.concat([zstdCompressSync(noise), zstdCompressSync(other)]),
      Buffer.concat([noise, other]),
    ],
    ["skippable zstd frames", Buffer.concat([skippable, zstdCompressSync(noise), skippable]), noise],
  ])("gives %s back", async (_name, data, expected) => {
    for (const step of [997, 1_000_000]) expect((await plain(data, step)).equals(expected)).toBe(true);
  });

  it("reads zstd headers of all lengths", async () => {
    for (const size of [0, 1, 255, 256, 65_791, 65_792, 300_000]) {
      expect((await plain(zstdCompressSync(noise.subarray(0, size)))).length).toBe(size);
    }
  });

  it.each<[string, Buffer]>([
    ["gzip", gzipSync(noise)],
    ["zstd", zstdCompressSync(noise)],
  ])("says that %s ends in the middle", async (_name, data) => {
    await expect(plain(data.subarray(0, data.length - 5))).rejects.toEqual(failure("archive-truncated"));
    await expect(plain(data.subarray(0, data.length >> 1))).rejects.toEqual(failure("archive-truncated"));
  });

  it.each<[string, Buffer]>([
    ["gzip", gzipSync(other)],
    ["zstd", zstdCompressSync(other, { params: { 201: 1 } })],
  ])("says that %s is damaged", async (_name, data) => {
    const damaged = Buffer.from(data);
    damaged[damaged.length - 6]! ^= 0xff;
    await expect(plain(damaged)).rejects.toEqual(failure("archive-damaged"));
  });

  it("refuses trailing rubbish after zstd frames, and other compressions by name", async () => {
    await expect(plain(Buffer.concat([zstdCompressSync(other), Buffer.from("rubbish")]))).rejects.toEqual(
      failure("archive-damaged"),
    );
    const xz = Buffer.from("fd377a585a000000", "hex");
    await expect(plain(xz)).rejects.toThrow("compressed with xz");
    await expect(plain(Buffer.from("BZh91AY"))).rejects.toThrow("compressed with bzip2");
  });

  it("passes an error of its source on", async () => {
    const broken = (async function* () {
      yield gzipSync(noise).subarray(0, 100);
      throw new Error("unplugged");
    })();
    await expect(buffer(decompress(broken))).rejects.toThrow("unplugged");
  });
});
