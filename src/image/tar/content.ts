import type { ByteReader } from "./byte-reader.ts";
import { truncatedTar } from "./damaged.ts";
import { BLOCK } from "./header.ts";
import type { SparseMap } from "./sparse.ts";

const ZEROS = Buffer.alloc(64 * 1024);

/** What an entry stores in the archive: read at most once, then skipped to the next header. */
export class EntryContent {
  readonly #reader: ByteReader;
  readonly #padding: number;
  #left: number;

  constructor(reader: ByteReader, stored: number) {
    this.#reader = reader;
    this.#left = stored;
    this.#padding = (BLOCK - (stored % BLOCK)) % BLOCK;
  }

  /** The stored bytes, at most `length` of them. */
  async *read(length: number): AsyncGenerator<Buffer> {
    for (let wanted = length; wanted > 0; ) {
      const chunk = await this.#some(wanted);
      wanted -= chunk.length;
      yield chunk;
    }
  }

  /** The bytes of the sparse file that is stored. */
  async *expand(map: SparseMap): AsyncGenerator<Buffer> {
    let position = 0;
    for (const stretch of map.stretches) {
      yield* zeros(stretch.offset - position);
      yield* this.read(stretch.length);
      position = stretch.offset + stretch.length;
    }
    yield* zeros(map.size - position);
  }

  /** Moves on to where the next header begins. */
  async skip(): Promise<void> {
    while (this.#left > 0) await this.#some(this.#left);
    if (this.#padding === 0 || this.#reader.takeBuffered(this.#padding)) return;
    if ((await this.#reader.take(this.#padding)).length < this.#padding) throw truncatedTar();
  }

  async #some(most: number): Promise<Buffer> {
    const wanted = Math.min(most, this.#left);
    const chunk = this.#reader.takeBuffered(wanted) ?? (await this.#reader.takeSome(wanted));
    if (chunk.length === 0) throw truncatedTar();
    this.#left -= chunk.length;
    return chunk;
  }
}

function* zeros(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= ZEROS.length) {
    yield left < ZEROS.length ? ZEROS.subarray(0, left) : ZEROS;
  }
}
