import { GantryError } from "../../lib/diagnostic.ts";

/** What unpacking one layer may cost, so that a small archive cannot fill a disk or the memory. */
export type LayerLimits = {
  readonly entries: number;
  /** Bytes of tar once decompressed, and of all files with their holes. */
  readonly bytes: number;
  /** Bytes out for each byte in; only judged past `ratioFrom` bytes, since small files of zeros are common. */
  readonly ratio: number;
  readonly ratioFrom: number;
};

const GIB = 1024 ** 3;

/** Several times what the largest images in use hold. */
export const DEFAULT_LIMITS: LayerLimits = {
  entries: 1_000_000,
  bytes: 256 * GIB,
  ratio: 200,
  ratioFrom: 4 * GIB,
};

/** Passes a decompressed stream on and refuses one that has grown out of proportion to what was read for it. */
export async function* limitGrowth(
  source: AsyncIterable<Uint8Array>,
  bytesRead: () => number,
  limits: LayerLimits,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of source) {
    total += chunk.length;
    if (total > limits.bytes) throw tooLarge(`it holds more than ${limits.bytes} bytes`);
    if (total > limits.ratioFrom && total > bytesRead() * limits.ratio) {
      throw tooLarge(`it grows to more than ${limits.ratio} times its compressed size`);
    }
    yield chunk;
  }
}

export const tooManyEntries = (most: number) => tooLarge(`it has more than ${most} entries`);

/** The error for an archive that would take more than it could honestly need. */
export function tooLarge(problem: string): GantryError {
  return new GantryError("archive-too-large", `the layer is not unpacked: ${problem}`, {
    hint: "An archive like this is made to fill disks. Nothing of it was kept.",
  });
}
