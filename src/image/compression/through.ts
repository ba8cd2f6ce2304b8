import { pipeline, Readable, type Transform } from "node:stream";
import { GantryError } from "../../lib/diagnostic.ts";

/** Size of the pieces that decompressors are to produce. */
export const CHUNK = 256 * 1024;

/** Sends a stream through a decompressor, whose complaints become errors for users. */
export async function* through(
  decompressor: Transform,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  // Errors of either side destroy the decompressor, and so come out of the loop.
  pipeline(Readable.from(source, { objectMode: false, highWaterMark: CHUNK }), decompressor, () => undefined);
  try {
    for await (const chunk of decompressor) yield chunk as Buffer;
  } catch (error) {
    throw explain(error);
  }
}

/** zlib's own errors tell a stream that was cut short from one that is damaged. */
function explain(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "Z_BUF_ERROR") {
    return new GantryError("archive-truncated", "the compressed data ends in the middle", {
      hint: "The download or copy was cut short: make it again.",
      cause: error,
    });
  }
  if (!/^(?:Z_|ZSTD_)/.test(code)) return error;
  return new GantryError("archive-damaged", `the compressed data is damaged: ${(error as Error).message}`, {
    hint: "Make or download the archive again.",
    cause: error,
  });
}
