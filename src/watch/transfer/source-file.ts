import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { entryOf, type HostEntry, isGone, kindOf } from "../host/entry.ts";

/** Files up to this size are read whole: their content and its hash then belong together for certain. */
const WHOLE = 16 * 1024 * 1024;

/** A file as it is at this moment. */
export type SourceFile = {
  readonly entry: HostEntry;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Undefined when the file is too large to be read whole. */
  readonly content: Buffer | undefined;
};

/** Reads a file; undefined when there is none any more. The place itself may be a link, which is followed. */
export function readSource(path: string, follow: boolean): SourceFile | undefined {
  try {
    const file = openSync(
      path,
      constants.O_RDONLY | constants.O_NONBLOCK | (follow ? 0 : constants.O_NOFOLLOW),
    );
    try {
      const stats = fstatSync(file);
      const entry = entryOf(stats);
      if (entry === undefined || kindOf(entry) !== "file") return undefined;
      const content = stats.size > WHOLE ? undefined : readAll(file, stats.size);
      return { entry, size: content?.length ?? stats.size, modified: stats.mtimeMs, content };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Exactly `size` bytes of a large file, for as long as it has them; zeroes take the place of what is missing. */
export async function* readLarge(path: string, size: number): AsyncGenerator<Buffer, boolean> {
  let left = size;
  try {
    for await (const chunk of createReadStream(path, { end: size - 1 })) {
      left -= (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch {
    // Gone, or unreadable from here on: the length announced has to be kept all the same.
  }
  const isWhole = left === 0;
  for (; left > 0; left -= WHOLE) yield Buffer.alloc(Math.min(left, WHOLE));
  return isWhole;
}

/** To the end, whatever its size was a moment ago. */
function readAll(file: number, size: number): Buffer {
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}
