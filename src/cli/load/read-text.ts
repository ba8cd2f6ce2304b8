import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";

/** More than any Compose file or file of variables has; keeps a mistaken path to a device or disk image harmless. */
const LARGEST = 16 * 1024 * 1024;
/** How long a pipe may stay silent before its first byte: a password manager may ask its user first. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 10;

/**
 * The text of a file, device or named pipe, within bounds of size and time. UTF-8, or UTF-16 where a byte order mark
 * says so, which is what Windows editors write.
 * @throws an Error that says in its message, or in its `code` as the kernel does, why it cannot be read
 */
export function readText(path: string): string {
  if (path === "-") return decode(readAll(0, undefined));
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
    return decode(readAll(descriptor, stats));
  } finally {
    closeSync(descriptor);
  }
}

function readAll(descriptor: number, stats: Stats | undefined): Buffer {
  const chunks: Buffer[] = [];
  const silentUntil = stats ? Date.now() + PATIENCE_MS : Number.POSITIVE_INFINITY;
  for (let size = 0; ; ) {
    const chunk = readSome(descriptor);
    // A pipe that nobody writes to yet looks like one at its end.
    const isSilent = chunk === undefined || (chunk.length === 0 && size === 0 && stats?.isFIFO());
    if (isSilent) waitBefore(silentUntil);
    else if (chunk.length === 0) return Buffer.concat(chunks);
    else {
      size += chunk.length;
      if (size > LARGEST) throw new Error(`it is larger than ${LARGEST / 1024 / 1024} MB`);
      chunks.push(chunk);
    }
  }
}

/** What can be read at once; empty at the end, undefined when there is nothing yet. */
function readSome(descriptor: number): Buffer | undefined {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  try {
    return buffer.subarray(0, readSync(descriptor, buffer));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return undefined;
    throw error;
  }
}

function waitBefore(deadline: number): void {
  if (Date.now() > deadline)
    throw new Error(`it is a pipe or device that gave nothing for ${PATIENCE_MS / 1000} s`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return bytes.toString("utf8");
}
