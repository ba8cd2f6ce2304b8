import {
  type BigIntStats,
  createReadStream,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { describeEntry } from "../tar/describe-entry.ts";
import { encodeHeader, endOfArchive, paddingOf, type WrittenEntry } from "../tar/write-header.ts";
import type { Attribute, TreeAttributes } from "./attributes.ts";
import { isForeignAttribute, marksOpaque, OPAQUE_MARK, WHITEOUT_PREFIX, whiteoutEntry } from "./whiteout.ts";

export type Packing = {
  /** Absolute; an overlay's upper directory that nobody changes any more. */
  readonly directory: string;
  readonly attributes: TreeAttributes;
  /** Seconds: no time in the archive is later (SOURCE_DATE_EPOCH). */
  readonly latest?: number;
};

/** Files up to this size are read in one go. */
const SMALL = 256 * 1024;
const ENOUGH = 256 * 1024;

/**
 * A layer's tar of what an overlay's upper directory holds (OCI image-spec layer.md): entries in order of their names,
 * overlayfs's marks for what is gone turned into whiteouts. `onSize` hears the bytes of all files.
 */
export async function* packTree(packing: Packing, onSize: (bytes: number) => void): AsyncGenerator<Buffer> {
  const packer = new Packer(packing);
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const part of packer.parts()) {
    waiting.push(part);
    length += part.length;
    if (length < ENOUGH) continue;
    yield Buffer.concat(waiting);
    [waiting, length] = [[], 0];
  }
  yield Buffer.concat([...waiting, endOfArchive()]);
  onSize(packer.size);
}

class Packer {
  readonly #packing: Packing;
  readonly #linked = new Map<bigint, string>();
  size = 0;

  constructor(packing: Packing) {
    this.#packing = packing;
  }

  async *parts(): AsyncGenerator<Buffer> {
    if (this.#isOpaque("")) yield encodeHeader(whiteoutEntry("", OPAQUE_MARK));
    yield* this.#below("");
  }

  async *#below(parent: string): AsyncGenerator<Buffer> {
    for (const name of this.#names(parent)) {
      const path = parent === "" ? name : `${parent}/${name}`;
      const stats = lstatSync(this.#onDisk(path), { bigint: true });
      if (stats.isSocket()) continue;
      if (stats.isCharacterDevice() && stats.rdev === 0n) {
        yield encodeHeader(whiteoutEntry(parent, WHITEOUT_PREFIX + name));
        continue;
      }
      yield* this.#entry(path, stats);
      if (!stats.isDirectory()) continue;
      if (this.#isOpaque(path)) yield encodeHeader(whiteoutEntry(path, OPAQUE_MARK));
      yield* this.#below(path);
    }
  }

  async *#entry(path: string, stats: BigIntStats): AsyncGenerator<Buffer> {
    const entry = this.#describe(path, stats);
    yield encodeHeader(entry);
    if (entry.flag !== "0" || entry.size === 0) return;
    this.size += entry.size;
    if (entry.size <= SMALL) yield readFileSync(this.#onDisk(path));
    else yield* createReadStream(this.#onDisk(path), { highWaterMark: ENOUGH }) as AsyncIterable<Buffer>;
    yield paddingOf(entry.size);
  }

  #describe(path: string, stats: BigIntStats): WrittenEntry {
    const isLinked = stats.nlink > 1n && !stats.isDirectory();
    const sameAs = isLinked ? this.#linked.get(stats.ino) : undefined;
    if (isLinked && sameAs === undefined) this.#linked.set(stats.ino, path);
    const entry = describeEntry(stats, path, {
      sameAs,
      link: () => readlinkSync(this.#onDisk(path), { encoding: "latin1" }),
      xattrs: this.#attributes(path).filter(({ name }) => !isForeignAttribute(name)),
    });
    const { latest = Number.MAX_SAFE_INTEGER } = this.#packing;
    return { ...entry, modified: Math.min(entry.modified, latest) };
  }

  #names(path: string): string[] {
    return readdirSync(this.#onDisk(path), { encoding: "latin1" }).sort();
  }

  /** The place on disk as bytes: names have no encoding. */
  #onDisk(path: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.#packing.directory}/`), Buffer.from(path, "latin1")]);
  }

  #attributes(path: string): readonly Attribute[] {
    return [...(this.#packing.attributes.get(path) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #isOpaque(path: string): boolean {
    return marksOpaque(this.#attributes(path));
  }
}
