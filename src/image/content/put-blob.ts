import { readFile } from "node:fs/promises";
import { GantryError } from "../../lib/diagnostic.ts";
import { blobPath, type ImageCatalog } from "../store.ts";
import { explainDiskError } from "./disk-full.ts";
import type { Hold } from "./hold.ts";
import { type Blob, IncomingBlob } from "./incoming-blob.ts";

/**
 * Stores a stream under its digest, which must be `expected` when that is given. Atomic: under its final name a blob is
 * complete, verified and durable. Storing the same twice is no error.
 */
export async function putBlob(
  store: Pick<ImageCatalog, "roots">,
  hold: Hold,
  source: AsyncIterable<Uint8Array>,
  expected?: string,
): Promise<Blob> {
  try {
    await using incoming = await IncomingBlob.open(store);
    for await (const _ of incoming.through(source));
    return await incoming.commit(hold, (digest) => {
      if (expected !== undefined && digest !== expected) throw wrongDigest(expected, digest);
    });
  } catch (error) {
    throw explainDiskError(error, "storing an image's blob");
  }
}

const LARGEST_DOCUMENT = 16 * 1024 * 1024;

/** The text of a small blob: a manifest, a configuration. */
export async function readDocument({ roots }: Pick<ImageCatalog, "roots">, blob: Blob): Promise<string> {
  if (blob.size > LARGEST_DOCUMENT) {
    throw new GantryError("archive-too-large", `${blob.digest} is too large for a document of an image`, {
      hint: "Nothing of the archive was kept.",
    });
  }
  return readFile(blobPath(roots, blob.digest), "utf8");
}

/** The error for content that is not what its digest promises. */
export function wrongDigest(expected: string, actual: string): GantryError {
  return new GantryError("archive-damaged", `content of ${expected} has the digest ${actual}`, {
    hint: "The archive was damaged on the way: make or download it again.",
  });
}
