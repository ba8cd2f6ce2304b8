import { type BigIntStats, closeSync, readSync } from "node:fs";
import {
  describeEntry,
  encodeHeader,
  endOfArchive,
  isForeignAttribute,
  marksOpaque,
  OPAQUE_MARK,
  paddingOf,
  type TreeAttributes,
  WHITEOUT_PREFIX,
  whiteoutEntry,
} from "../image/index.ts";
import { readable } from "../lib/byte-string.ts";
import { GantryError } from "../lib/diagnostic.ts";
import type { HeldDirectory } from "./held-directory.ts";
import type { Place } from "./resolve-path.ts";

const ENOUGH = 256 * 1024;

export type ArchiveRequest = {
  readonly place: Exclude<Place, { kind: "missing" }>;
  /** Of the entry at the top, a byte string; "" has none, and what is in the directory is at the top. */
  readonly name: string;
  /** What is archived, for messages. */
  readonly text: string;
  /** By path in the archive. */
  readonly attributes?: TreeAttributes;
  /** It is what a container has changed: overlayfs's marks for what is gone become a layer's (OCI layer.md). */
  readonly isLayer?: boolean;
};

/** A tar of a file or a tree, in the order of names. Nobody who changes the tree meanwhile gets a link followed. */
export async function* archiveTree(request: ArchiveRequest): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for (const part of new Archive(request).parts(request)) {
    waiting.push(part);
    length += part.length;
    if (length < ENOUGH) continue;
    yield Buffer.concat(waiting);
    [waiting, length] = [[], 0];
  }
  yield Buffer.concat([...waiting, endOfArchive()]);
}

class Archive {
  readonly #text: string;
  readonly #attributes: TreeAttributes;
  readonly #isLayer: boolean;
  #current = "";
  readonly #linked = new Map<string, string>();

  constructor({ text, attributes = new Map(), isLayer = false }: ArchiveRequest) {
    this.#text = text;
    this.#isLayer = isLayer;
    this.#attributes = attributes;
  }

  /** What the system refuses on the way is said with the path it is about. */
  *parts(request: ArchiveRequest): Generator<Buffer> {
    try {
      yield* this.#all(request);
    } catch (error) {
      const { code, errno } = error as NodeJS.ErrnoException;
      if (errno === undefined) throw error;
      const what = this.#current === "" ? this.#text : `${this.#text}: ${readable(this.#current)}`;
      throw new GantryError("copy-failed", `${what} cannot be read (${code})`, {
        hint: code === "EACCES" ? "It belongs to somebody else." : undefined,
        cause: error,
      });
    }
  }

  *#all({ place, name }: ArchiveRequest): Generator<Buffer> {
    if (place.kind === "other") {
      yield* this.#entry(place.parent, place.name, place.status, name);
      return;
    }
    if (name !== "") yield encodeHeader(describeEntry(place.status, name, { xattrs: [], link: () => "" }));
    yield* this.#below(place.directory, name);
  }

  *#below(directory: HeldDirectory, path: string): Generator<Buffer> {
    if (this.#isLayer && marksOpaque(this.#attributes.get(path) ?? [])) {
      yield encodeHeader(whiteoutEntry(path, OPAQUE_MARK));
    }
    for (const name of directory.names()) {
      const status = directory.status(name);
      // Gone since the names were read; and no archive can hold a socket.
      if (!status || status.isSocket()) continue;
      const here = path === "" ? name : `${path}/${name}`;
      if (this.#isLayer && isWhiteout(status))
        yield encodeHeader(whiteoutEntry(path, WHITEOUT_PREFIX + name));
      else yield* this.#entry(directory, name, status, here);
    }
  }

  *#entry(parent: HeldDirectory, name: string, status: BigIntStats, path: string): Generator<Buffer> {
    this.#current = path;
    if (status.isDirectory()) {
      using directory = heldOrGone(parent, name);
      if (!directory) return;
      yield this.#header(directory.ownStatus(), path, () => "");
      yield* this.#below(directory, path);
    } else if (status.isFile() && !this.#known(status)) yield* this.#file(parent, name, status, path);
    else yield this.#header(status, path, () => parent.link(name));
  }

  *#file(parent: HeldDirectory, name: string, status: BigIntStats, path: string): Generator<Buffer> {
    const file = unlessGone(() => parent.file(name));
    if (file === undefined) return;
    try {
      yield this.#header(status, path, () => "");
      yield* contentOf(file, Number(status.size));
    } finally {
      closeSync(file);
    }
  }

  #header(status: BigIntStats, path: string, link: () => string): Buffer {
    const sameAs = this.#known(status);
    if (sameAs === undefined && status.nlink > 1n && !status.isDirectory()) {
      this.#linked.set(identityOf(status), path);
    }
    const xattrs = (this.#attributes.get(path) ?? []).filter(({ name }) => !isForeignAttribute(name));
    return encodeHeader(describeEntry(status, path, { xattrs, link, sameAs }));
  }

  /** The name under which the same file is in the archive already. */
  #known(status: BigIntStats): string | undefined {
    return status.nlink > 1n ? this.#linked.get(identityOf(status)) : undefined;
  }
}

/** Exactly as many bytes as the header says, whatever becomes of the file meanwhile. */
function* contentOf(file: number, size: number): Generator<Buffer> {
  for (let left = size; left > 0; ) {
    const chunk = Buffer.allocUnsafe(Math.min(left, ENOUGH));
    const length = readSync(file, chunk);
    yield length > 0 ? chunk.subarray(0, length) : chunk.fill(0);
    left -= length > 0 ? length : chunk.length;
  }
  yield paddingOf(size);
}

/** A name that the container has removed from what its image has. */
export const isWhiteout = (status: BigIntStats): boolean => status.isCharacterDevice() && status.rdev === 0n;

const identityOf = ({ dev, ino }: BigIntStats) => `${dev}:${ino}`;

const heldOrGone = (parent: HeldDirectory, name: string) => unlessGone(() => parent.directory(name));

/** What was there a moment ago may be gone, or something else. */
function unlessGone<Result>(open: () => Result): Result | undefined {
  try {
    return open();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw error;
  }
}
