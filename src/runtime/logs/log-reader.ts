import { readSync } from "node:fs";
import { findTail } from "./find-tail.ts";
import { closeLogs, isNewest, type OpenLog, openLogs } from "./log-files.ts";
import { type LogLine, type LogRecord, logTime, parseRecord } from "./log-line.ts";

const BLOCK = 64 * 1024;
/** As often a reader looks for files that have come: what is rotated away before it is opened is lost. */
const LOOK_AFTER = 1024 * 1024;

export type LogRange = {
  /** Unix milliseconds. */
  readonly since?: number;
  readonly until?: number;
  /** Only the last lines; absent or infinite: all. */
  readonly tail?: number;
};

/**
 * Reads a container's log in order, across its rotated files, up to what has been written so far; asked again, it goes
 * on from there. It holds its files open, so that rotation takes nothing away from it.
 */
export class LogReader {
  readonly #directory: string;
  readonly #since: string;
  readonly #until: string;
  /** The file being read, and those after it. */
  #files: OpenLog[];
  #offset = 0;
  #remainder = Buffer.alloc(0);
  readonly #parts: Partial<Record<LogLine["stream"], LogRecord[]>> = {};

  constructor(directory: string, { since, until, tail }: LogRange = {}) {
    this.#directory = directory;
    this.#since = since === undefined ? "" : logTime(since);
    this.#until = until === undefined ? "~" : logTime(until);
    this.#files = openLogs(directory);
    if (tail === undefined || !Number.isFinite(tail)) return;
    const { file, offset } = findTail(this.#files, tail);
    closeLogs(this.#files.splice(0, file));
    this.#offset = offset;
  }

  /** The lines that are there and have not been read yet. */
  *lines(): Generator<LogLine> {
    for (;;) {
      for (const record of this.#records()) {
        const line = this.#complete(record);
        if (line && line.time >= this.#since && line.time <= this.#until) yield line;
      }
      if (!this.#goOn()) return;
    }
  }

  /** Lines whose end has not come: what a program wrote last, without a newline. Ask once, when it has ended. */
  *unfinished(): Generator<LogLine> {
    for (const parts of Object.values(this.#parts)) {
      const line = parts.length > 0 ? joinParts(parts.splice(0)) : undefined;
      if (line && line.time >= this.#since && line.time <= this.#until) yield line;
    }
  }

  close(): void {
    closeLogs(this.#files.splice(0));
  }

  /** A line that has all its parts; undefined while there are more to come. */
  #complete(record: LogRecord): LogLine | undefined {
    this.#parts[record.stream] ??= [];
    const parts = this.#parts[record.stream]!;
    parts.push(record);
    return record.isWhole ? joinParts(parts.splice(0)) : undefined;
  }

  *#records(): Generator<LogRecord> {
    const [file] = this.#files;
    const block = Buffer.alloc(BLOCK);
    for (let unlooked = 0; file; unlooked += BLOCK) {
      if (unlooked >= LOOK_AFTER) {
        this.#findLaterFiles();
        unlooked = 0;
      }
      const length = readSync(file.descriptor, block, 0, BLOCK, this.#offset);
      if (length === 0) return;
      this.#offset += length;
      const bytes = Buffer.concat([this.#remainder, block.subarray(0, length)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      this.#remainder = Buffer.from(bytes.subarray(end));
      for (const text of bytes.toString("utf8", 0, end).split("\n")) {
        const record = parseRecord(text);
        if (record) yield record;
      }
    }
  }

  /**
   * At the end of the files known: looks for later ones, which rotation may have made. The last one is then read once
   * more before it is left, for what was written between its end and its rotation.
   */
  #goOn(): boolean {
    const known = this.#files.length;
    if (known <= 1) {
      this.#findLaterFiles();
      return this.#files.length > known;
    }
    closeLogs(this.#files.splice(0, 1));
    this.#offset = 0;
    this.#remainder = Buffer.alloc(0);
    return true;
  }

  #findLaterFiles(): void {
    const last = this.#files.at(-1);
    if (last && isNewest(this.#directory, last)) return;
    const present = openLogs(this.#directory);
    const at = last ? present.findIndex(({ inode }) => inode === last.inode) : -1;
    // The last that is known, and those before it, are open already or have been read.
    closeLogs(present.splice(0, at + 1));
    this.#files.push(...present);
  }
}

function joinParts(parts: readonly LogRecord[]): LogLine {
  const { time, stream } = parts[0]!;
  return { time, stream, text: parts.map(({ text }) => text).join("") };
}
