import type { Descriptor } from "../oci.ts";
import { lied } from "./registry-failure.ts";
import type { Repository, Watch } from "./repository.ts";
import { isPassing, pauseBeforeRetry, Transient } from "./retry.ts";

export type DownloadOptions = Watch & {
  /** How many times in a row a connection may break without getting anywhere. */
  readonly attempts: number;
  /** Told how far it has come, for each piece. */
  readonly onProgress?: (received: number) => void;
};

/** Less than this between two breaks counts as getting nowhere: else a byte per connection would go on for ever. */
const HEADWAY = 256 * 1024;

/**
 * The bytes of a blob, exactly as many as its descriptor says. A connection that breaks, or ends too early, is made
 * again from where it stopped. Whoever reads verifies the digest.
 */
export async function* downloadBlob(
  repository: Repository,
  blob: Descriptor,
  options: DownloadOptions,
): AsyncGenerator<Buffer> {
  const breaks = new Breaks(options);
  let received = 0;
  do {
    try {
      for await (const piece of oneConnection(repository, blob, received, options)) {
        received += piece.length;
        options.onProgress?.(received);
        yield piece;
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof Transient) && !isPassing(error)) throw error;
    }
    if (received < blob.size) await breaks.pause(received, () => shortened(blob, received, repository.host));
  } while (received < blob.size);
}

/** What one connection gives of a blob from `offset` on. */
async function* oneConnection(
  repository: Repository,
  { digest, size }: Descriptor,
  offset: number,
  watch: Watch,
): AsyncGenerator<Buffer> {
  const { start, response } = await repository.blob(digest, offset, watch);
  let position = start;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      // A registry that knows no ranges begins at 0 again.
      const piece = chunk.subarray(Math.max(0, offset - position));
      position += chunk.length;
      if (position > size)
        throw lied(`blob ${digest} is longer than the ${size} bytes it promised`, repository.host);
      if (piece.length > 0) yield piece;
    }
  } finally {
    response.body.destroy();
  }
}

/** Counts connections that broke in a row without getting anywhere. */
class Breaks {
  readonly #options: DownloadOptions;
  #count = 0;
  #last = 0;

  constructor(options: DownloadOptions) {
    this.#options = options;
  }

  async pause(received: number, failure: () => Error): Promise<void> {
    this.#count = received - this.#last >= HEADWAY ? 1 : this.#count + 1;
    this.#last = received;
    if (this.#count >= this.#options.attempts) throw failure();
    await pauseBeforeRetry(this.#count, this.#options);
  }
}

const shortened = ({ digest, size }: Descriptor, received: number, host: string) =>
  lied(`blob ${digest} ended after ${received} of ${size} bytes, again and again`, host);
