/** Reads a stream of chunks in pieces of wanted sizes, holding no more than one chunk or one piece. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /** Exactly `size` bytes without waiting, if they are there already. Small entries are the rule: no await for them. */
  takeBuffered(size: number): Buffer | undefined {
    return this.#rest.length >= size ? this.#cut(size) : undefined;
  }

  /** Exactly `size` bytes; fewer when the stream ends before. */
  async take(size: number): Promise<Buffer> {
    while (this.#rest.length < size && !this.#ended) await this.#fill();
    return this.#cut(Math.min(size, this.#rest.length));
  }

  /** Between 1 and `most` bytes, as they come; none at the end of the stream. */
  async takeSome(most: number): Promise<Buffer> {
    while (this.#rest.length === 0 && !this.#ended) await this.#fill();
    return this.#cut(Math.min(most, this.#rest.length));
  }

  /** The next `size` bytes without consuming them; fewer when the stream ends before. */
  async peek(size: number): Promise<Buffer> {
    while (this.#rest.length < size && !this.#ended) await this.#fill();
    return this.#rest.subarray(0, size);
  }

  /** Reads to the end of the stream and forgets what it reads. */
  async drain(): Promise<void> {
    this.#rest = Buffer.alloc(0);
    while (!this.#ended) {
      await this.#fill();
      this.#rest = Buffer.alloc(0);
    }
  }

  /** All that is left, chunk by chunk. */
  async *remaining(): AsyncGenerator<Buffer> {
    for (;;) {
      const chunk = await this.takeSome(Number.MAX_SAFE_INTEGER);
      if (chunk.length === 0) return;
      yield chunk;
    }
  }

  /** Releases the stream when it is not read to its end. */
  async cancel(): Promise<void> {
    this.#ended = true;
    await this.#chunks.return?.();
  }

  #cut(size: number): Buffer {
    const piece = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return piece;
  }

  async #fill(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) {
      this.#ended = true;
      return;
    }
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }
}
