import { fstatSync, readSync } from "node:fs";
import type { OpenLog } from "./log-files.ts";
import { endsLine } from "./log-line.ts";

const FIRST_READ = 64 * 1024;
const NEWLINE = 0x0a;

/** Where the last lines begin: in which file, at which byte. */
export type TailStart = { readonly file: number; readonly offset: number };

/** Finds where the last `lines` lines begin, reading from the end only as much as that takes. */
export function findTail(logs: readonly OpenLog[], lines: number): TailStart {
  let wanted = lines;
  for (let file = logs.length - 1; file >= 0; file--) {
    const { offset, found } = findInFile(logs[file]!, wanted, file === logs.length - 1);
    if (found >= wanted || file === 0) return { file, offset };
    wanted -= found;
  }
  return { file: 0, offset: 0 };
}

/** Reads ever larger ends of the file until they hold enough lines. */
function findInFile(
  { descriptor }: OpenLog,
  wanted: number,
  isNewest: boolean,
): { offset: number; found: number } {
  const { size } = fstatSync(descriptor);
  if (wanted === 0) return { offset: size, found: 0 };
  for (let length = FIRST_READ; ; length *= 4) {
    const begin = Math.max(0, size - length);
    const bytes = Buffer.alloc(size - begin);
    readSync(descriptor, bytes, 0, bytes.length, begin);
    const starts = lineStarts(bytes, begin === 0, isNewest);
    if (starts.length >= wanted) return { offset: begin + starts.at(-wanted)!, found: wanted };
    if (begin === 0) return { offset: 0, found: starts.length };
  }
}

/** Offsets at which lines begin. What goes before the first newline is of unknown origin, unless the file begins there. */
function lineStarts(bytes: Buffer, isFileStart: boolean, isNewest: boolean): number[] {
  const starts: number[] = [];
  let record = isFileStart ? 0 : bytes.indexOf(NEWLINE) + 1;
  // A cut may fall into the middle of a line of several records: its beginning is not there to be found.
  let line = isFileStart ? 0 : -1;
  for (let end = bytes.indexOf(NEWLINE, record); end >= 0; end = bytes.indexOf(NEWLINE, record)) {
    if (endsLine(bytes, record)) {
      if (line >= 0) starts.push(line);
      line = end + 1;
    }
    record = end + 1;
  }
  // An unfinished line at the very end counts as one.
  if (isNewest && line >= 0 && line < record) starts.push(line);
  return starts;
}
