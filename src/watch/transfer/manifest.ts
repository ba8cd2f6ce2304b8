import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readIfPresent } from "../../lib/status-file.ts";
import type { HostEntry } from "../host/entry.ts";

/** What a container has of one path. */
export type Had = {
  /** Of the host's entry when it was sent, or taken for what the image has. */
  readonly identity: string;
  /** SHA-256 of a file's content, when it was read. */
  readonly hash?: string;
  readonly mode: number;
};

/** What a container may or may not have: noted before it is sent, so that a kill in between is not taken for success. */
export const UNSURE: Had = { identity: "", mode: 0 };

type Line = readonly [path: string, had: Had | null];

/**
 * What a container has of a rule's tree: from this, not from times, follows what is to be sent. It is kept beside the
 * container, one line for each change after the change, so that a watcher that was killed is followed by one that knows;
 * a line cut short by the kill is left out, and what it told of is sent once more.
 */
export class Manifest {
  readonly #path: string;
  readonly #entries: Map<string, Had>;

  private constructor(path: string, entries: Map<string, Had>) {
    this.#path = path;
    this.#entries = entries;
  }

  /** The manifest kept in the file; undefined when there is none. */
  static read(path: string): Manifest | undefined {
    const text = readIfPresent(path);
    if (text === undefined) return undefined;
    const entries = new Map<string, Had>();
    for (const line of text.split("\n")) apply(entries, line);
    return Manifest.#write(path, entries);
  }

  /** A new manifest: of a container that has nothing yet, or what `entries` tell. */
  static create(path: string, entries: Iterable<readonly [string, Had]>): Manifest {
    return Manifest.#write(path, new Map(entries));
  }

  static #write(path: string, entries: Map<string, Had>): Manifest {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.tmp`, [...entries].map(lineOf).join(""), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
    return new Manifest(path, entries);
  }

  get entries(): ReadonlyMap<string, Had> {
    return this.#entries;
  }

  /** Notes what the container has from now on; null: it has it no more. */
  note(changes: readonly Line[]): void {
    for (const [path, had] of changes) {
      if (had) this.#entries.set(path, had);
      else this.#entries.delete(path);
    }
    appendFileSync(this.#path, changes.map(lineOf).join(""));
  }
}

/** What a container has when it has what the host has. */
export const asOnHost = ({ identity, mode }: HostEntry): Had => ({ identity, mode });

const lineOf = (line: Line) => `${JSON.stringify(line)}\n`;

function apply(entries: Map<string, Had>, line: string): void {
  try {
    const [path, had] = JSON.parse(line) as Line;
    if (had) entries.set(path, had);
    else entries.delete(path);
  } catch {
    // The last line of a watcher that was killed, or the end of the file.
  }
}
