import { closeSync, ftruncateSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { bootId } from "../../lib/boot.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import type { HostEntry } from "../host/entry.ts";
import { PathMap } from "../host/path-map.ts";

/**
 * What a container has of one path: the host's entry when it was sent, or when the image was taken to have it, and
 * after a # the SHA-256 of a file's content, when it was read.
 */
export type Had = string;

/** What a container may or may not have: noted before it is sent, so that a kill in between is not taken for success. */
export const UNSURE: Had = "";
/** The same where it may still be a directory, over which no file can be renamed. */
export const UNSURE_DIRECTORY: Had = "d";

/** A change of what the container has; null: it has it no more. */
export type Noted = readonly [path: string, had: Had | null];

export const hadWithHash = (entry: HostEntry, hash: string): Had => `${entry}#${hash}`;

export const hashOf = (had: Had): string | undefined => had.split("#")[1];

/** Whether what the container has is what the host has, as far as one can tell without reading. */
export const isSame = (had: Had | undefined, entry: HostEntry): boolean =>
  had !== undefined && (had === entry || had.startsWith(`${entry}#`));

/** First line of the file: another version, or another start of the machine, is not to be trusted in all. */
type Header = readonly [format: "gantry watch manifest", version: 2, boot: string];

/** Lines at once: one text of a large manifest would be a second copy of it in memory. */
const CHUNK = 1000;
/** The file is written anew when it has this many lines more than it needs. */
const SPARE_LINES = 20_000;

/**
 * What a container has of a rule's tree: from this, not from times, follows what is to be sent. It is kept beside the
 * container, one line for each change after the change, so that a watcher that was killed is followed by one that knows;
 * a line cut short by the kill is left out, and what it told of is sent once more.
 */
export class Manifest {
  readonly #path: string;
  readonly #entries: PathMap<Had>;
  #lines = 0;
  #length = 0;

  private constructor(path: string, entries: PathMap<Had>) {
    this.#path = path;
    this.#entries = entries;
    this.#write();
  }

  /** The manifest kept in the file; undefined when there is none. */
  static read(path: string): Manifest | undefined {
    const text = readIfPresent(path);
    if (text === undefined) return undefined;
    const entries = new PathMap<Had>();
    const [first, ...lines] = text.split("\n");
    const boot = bootOf(first!);
    for (const line of boot === undefined ? [] : lines) apply(entries, line);
    // What was sent shortly before the machine went down may not have reached the disk.
    if (boot !== bootId()) {
      for (const [one, had] of entries.below()) if (hashOf(had) !== undefined) entries.set(one, UNSURE);
    }
    return new Manifest(path, entries);
  }

  /** A new manifest: of a container that has nothing yet, or what `entries` tell. */
  static create(path: string, entries: PathMap<Had>): Manifest {
    return new Manifest(path, entries.copy());
  }

  get entries(): Pick<PathMap<Had>, "get" | "has" | "below" | "size"> {
    return this.#entries;
  }

  /** Notes what the container has from now on. */
  note(changes: readonly Noted[]): void {
    if (changes.length === 0) return;
    const text = Buffer.from(changes.map(lineOf).join(""));
    keeping(this.#path, () => append(this.#path, this.#length, text));
    this.#length += text.length;
    this.#lines += changes.length;
    for (const [path, had] of changes) {
      if (had === null) this.#entries.delete(path);
      else this.#entries.set(path, had);
    }
    if (this.#lines > this.#entries.size + SPARE_LINES) this.#write();
  }

  #write(): void {
    this.#length = keeping(this.#path, () => writeWhole(this.#path, this.#entries));
    this.#lines = this.#entries.size;
  }
}

function writeWhole(path: string, entries: PathMap<Had>): number {
  makeDirectory(dirname(path));
  const header: Header = ["gantry watch manifest", 2, bootId()];
  const file = openSync(`${path}.tmp`, "w", 0o600);
  let length = writeAll(file, `${JSON.stringify(header)}\n`);
  let lines: string[] = [];
  try {
    for (const line of entries.below()) {
      lines.push(lineOf(line));
      if (lines.length < CHUNK) continue;
      length += writeAll(file, lines.join(""));
      lines = [];
    }
    length += writeAll(file, lines.join(""));
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.tmp`, path);
  return length;
}

/** Only in a container's directory that is there: one that was removed meanwhile must not come back. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** After a failure the file is as it was: half a line would spoil the one that comes after it. */
function append(path: string, length: number, text: Buffer): void {
  const file = openSync(path, "a", 0o600);
  try {
    writeAll(file, text);
  } catch (error) {
    ftruncateSync(file, length);
    throw error;
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, text: string | Buffer): number {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
  return bytes.length;
}

function keeping<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint =
      code === "ENOSPC" || code === "EDQUOT" ? "the disk that gantry keeps its state on is full" : undefined;
    throw new GantryError("sync-failed", `what the container has cannot be noted in ${path}: ${message}`, {
      hint,
    });
  }
}

function bootOf(line: string): string | undefined {
  try {
    const [format, version, boot] = JSON.parse(line) as Partial<Header>;
    return format === "gantry watch manifest" && version === 2 ? boot : undefined;
  } catch {
    // Of an earlier form, or cut short: nothing is known.
    return undefined;
  }
}

const lineOf = (line: Noted) => `${JSON.stringify(line)}\n`;

function apply(entries: PathMap<Had>, line: string): void {
  try {
    const [path, had] = JSON.parse(line) as Noted;
    if (had === null) entries.delete(path);
    else entries.set(path, had);
  } catch {
    // The last line of a watcher that was killed, or the end of the file.
  }
}
