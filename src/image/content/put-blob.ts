import { type FileHandle, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { ownedName } from "../../lib/owned-name.ts";
import { DigestingStream } from "../digest.ts";
import { blobPath, blobsDirectory, type ImageCatalog } from "../store.ts";
import { explainDiskError } from "./disk-full.ts";
import type { Hold } from "./hold.ts";

/** A blob that is in the store. */
export type Blob = { readonly digest: string; readonly size: number };

/**
 * Stores a stream under its digest, which must be `expected` when that is given. Atomic: under its final name a blob is
 * complete, verified and durable. Storing the same twice is no error.
 */
export async function putBlob(
  { roots }: Pick<ImageCatalog, "roots">,
  hold: Hold,
  source: AsyncIterable<Uint8Array>,
  expected?: string,
): Promise<Blob> {
  const directory = blobsDirectory(roots);
  const temporary = join(directory, ownedName("incoming"));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    const stream = new DigestingStream(source);
    await writeDurably(temporary, stream);
    const digest = stream.digest();
    if (expected !== undefined && digest !== expected) throw wrongDigest(expected, digest);
    hold.keep("blob", digest);
    await rename(temporary, blobPath(roots, digest));
    return { digest, size: stream.size };
  } catch (error) {
    await rm(temporary, { force: true });
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

async function writeDurably(path: string, source: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of source) await writeFully(file, chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeFully(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    written += (await file.write(chunk, written, chunk.length - written)).bytesWritten;
  }
}
