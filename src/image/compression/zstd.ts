import { createZstdDecompress } from "node:zlib";
import { GantryError } from "../../lib/diagnostic.ts";
import type { ByteReader } from "../tar/byte-reader.ts";
import { CHUNK, through } from "./through.ts";

export const ZSTD_SKIPPABLE = 0x184d2a50;
export const ZSTD_SKIPPABLE_MASK = 0xfffffff0;
const ZSTD_FRAME = 0xfd2fb528;

/**
 * Decompresses a sequence of zstd frames, as parallel compressors and seekable layers write them. Node's decompressor
 * stops at the end of the first frame and says nothing, so the frames are taken apart here (RFC 8878, section 3.1).
 */
export async function* decompressZstd(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const start = await reader.peek(4);
    if (start.length === 0) return;
    if (start.length < 4) throw truncated();
    const magic = start.readUInt32LE(0);
    if ((magic & ZSTD_SKIPPABLE_MASK) >>> 0 === ZSTD_SKIPPABLE) await skipFrame(reader);
    else if (magic === ZSTD_FRAME) yield* through(createZstdDecompress({ chunkSize: CHUNK }), frame(reader));
    else throw damaged();
  }
}

async function skipFrame(reader: ByteReader): Promise<void> {
  let left = (await exactly(reader, 8)).readUInt32LE(4);
  while (left > 0) {
    const skipped = (await reader.takeSome(left)).length;
    if (skipped === 0) throw truncated();
    left -= skipped;
  }
}

/** The bytes of one frame: header, blocks up to the one marked as last, checksum. */
async function* frame(reader: ByteReader): AsyncGenerator<Buffer> {
  const descriptor = (await reader.peek(5))[4] ?? 0;
  yield await exactly(reader, headerLength(descriptor));
  for (let last = false; !last; ) {
    const header = await exactly(reader, 3);
    const bits = header.readUIntLE(0, 3);
    last = (bits & 1) === 1;
    const isRepeatedByte = ((bits >> 1) & 3) === 1;
    yield header;
    yield await exactly(reader, isRepeatedByte ? 1 : bits >> 3);
  }
  const hasChecksum = (descriptor & 0b100) !== 0;
  if (hasChecksum) yield await exactly(reader, 4);
}

/** Magic, descriptor, window descriptor unless a single segment, dictionary id, content size. */
function headerLength(descriptor: number): number {
  const singleSegment = (descriptor & 0b100000) !== 0;
  const dictionaryId = [0, 1, 2, 4][descriptor & 3]!;
  const contentSize = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  return 5 + (singleSegment ? 0 : 1) + dictionaryId + contentSize;
}

async function exactly(reader: ByteReader, size: number): Promise<Buffer> {
  const bytes = await reader.take(size);
  if (bytes.length < size) throw truncated();
  return bytes;
}

function truncated(): GantryError {
  return new GantryError("archive-truncated", "the zstd data ends in the middle of a frame", {
    hint: "The download or copy was cut short: make it again.",
  });
}

function damaged(): GantryError {
  return new GantryError(
    "archive-damaged",
    "the zstd data is damaged: a frame does not begin where it should",
    {
      hint: "Make or download the archive again.",
    },
  );
}
