import { createReadStream, openSync } from "node:fs";
import { resolve } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";

/** A file named on the command line, opened for reading. */
export function openInput(
  path: string,
  workingDirectory: string,
): NodeJS.ReadableStream & AsyncIterable<Buffer> {
  const absolute = resolve(workingDirectory, path);
  try {
    return createReadStream(absolute, { fd: openSync(absolute, "r") });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : message;
    throw new GantryError("file-unreadable", `cannot read ${path}: ${reason}`, { cause: error });
  }
}
