import { createGunzip } from "node:zlib";
import { GantryError } from "../../lib/diagnostic.ts";
import { ByteReader } from "../tar/byte-reader.ts";
import { CHUNK, through } from "./through.ts";
import { decompressZstd, ZSTD_SKIPPABLE, ZSTD_SKIPPABLE_MASK } from "./zstd.ts";

/** The plain bytes of a stream that is gzip, zstd or not compressed, as its first bytes tell. */
export async function* decompress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source);
  try {
    const format = formatOf(await reader.peek(6));
    if (format === "gzip") yield* through(createGunzip({ chunkSize: CHUNK }), reader.remaining());
    else if (format === "zstd") yield* decompressZstd(reader);
    else if (format === "none") yield* reader.remaining();
    else throw unsupported(format);
  } finally {
    await reader.cancel();
  }
}

type Format = "gzip" | "zstd" | "none" | "xz" | "bzip2";

/** How a stream is compressed, by its first six bytes. */
export function formatOf(start: Buffer): Format {
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  if (start.toString("latin1", 0, 6) === "\xfd7zXZ\0") return "xz";
  if (start.toString("latin1", 0, 3) === "BZh") return "bzip2";
  const magic = start.length < 4 ? 0 : start.readUInt32LE(0);
  const zstd = magic === 0xfd2fb528 || (magic & ZSTD_SKIPPABLE_MASK) >>> 0 === ZSTD_SKIPPABLE;
  return zstd ? "zstd" : "none";
}

function unsupported(format: "xz" | "bzip2"): GantryError {
  return new GantryError("archive-format", `archives compressed with ${format} are not supported`, {
    hint: `Decompress it on the way: ${format} -dc FILE | gantry image …`,
  });
}
