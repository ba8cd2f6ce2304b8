import { createHash, type Hash } from "node:crypto";

/** Whether a value is a digest in the one algorithm we use. */
export const isDigest = (value: unknown): value is string =>
  typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);

/** Digest of bytes at hand. */
export const digestOf = (content: string | Uint8Array) =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Passes a stream on unchanged and knows the digest and length of what went through. */
export class DigestingStream {
  readonly #hash: Hash = createHash("sha256");
  readonly #source: AsyncIterable<Uint8Array>;
  #size = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  get size(): number {
    return this.#size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#source) {
      this.#hash.update(chunk);
      this.#size += chunk.length;
      yield chunk;
    }
  }

  /** The digest; to be asked once, when the stream has ended. */
  digest(): string {
    return `sha256:${this.#hash.digest("hex")}`;
  }
}

/**
 * The chain ids of layers given lowest first (OCI image-spec config.md): a layer is identified by what it holds and
 * by everything beneath it.
 */
export function chainIds(diffIds: readonly string[]): string[] {
  const chain: string[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}
