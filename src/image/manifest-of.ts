import { createReadStream, existsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { Limiter } from "../lib/limiter.ts";
import { imageRow } from "./catalog/find.ts";
import { formatOf } from "./compression/decompress.ts";
import { through } from "./compression/through.ts";
import type { Hold } from "./content/hold.ts";
import { putBlob, readDocument } from "./content/put-blob.ts";
import { type Descriptor, type ImageManifest, MANIFEST_TYPES, parseManifest } from "./oci.ts";
import { blobPath, type ImageStore } from "./store.ts";

/** A manifest and its exact bytes. */
export type ImageDocument = {
  readonly digest: string;
  readonly mediaType: string;
  readonly text: string;
  readonly manifest: ImageManifest;
};

const [MANIFEST = "", DOCKER_MANIFEST] = MANIFEST_TYPES;
const CONFIGURATION = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";

/**
 * The manifest an image came with, byte for byte; one that came without (from `docker save`, from a root file system)
 * gets one, with compressed layers, and keeps it. Every blob it names is in the store and held.
 */
export async function manifestOf(store: ImageStore, hold: Hold, id: string): Promise<ImageDocument> {
  const own = await ownManifest(store, hold, id);
  if (own) return own;
  const blobs = blobsOf(store, id);
  for (const blob of [id, ...blobs]) hold.keep("blob", blob);
  const { configuration } = imageRow(store.database, id);
  await putBlob(store, hold, Readable.from([Buffer.from(configuration)]), id);
  const limiter = new Limiter(availableParallelism());
  const layers = await Promise.all(
    blobs.map((blob) => limiter.run(() => travellingLayer(store, hold, blob))),
  );
  const config = { mediaType: CONFIGURATION, digest: id, size: Buffer.byteLength(configuration) };
  const text = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers });
  const { digest } = await putBlob(store, hold, Readable.from([Buffer.from(text)]));
  keepManifest(store, id, digest, layers);
  return { digest, mediaType: MANIFEST, text, manifest: { config, layers } };
}

/** Digests of an image's layers as they are stored, lowest first. */
export function blobsOf({ database }: Pick<ImageStore, "database">, id: string): string[] {
  const sql = "SELECT blob FROM image_layers WHERE image = ? ORDER BY position";
  return database.all<{ blob: string }>(sql, id).map((row) => row.blob);
}

async function ownManifest(store: ImageStore, hold: Hold, id: string): Promise<ImageDocument | undefined> {
  const { manifest: digest } = imageRow(store.database, id);
  if (digest === null) return undefined;
  hold.keep("blob", digest);
  const path = blobPath(store.roots, digest);
  if (!existsSync(path)) return undefined;
  const text = await readDocument(store, { digest, size: statSync(path).size });
  const manifest = parseManifest(text, digest);
  const blobs = [manifest.config, ...manifest.layers].map((one) => one.digest);
  for (const blob of blobs) hold.keep("blob", blob);
  if (!blobs.every((blob) => existsSync(blobPath(store.roots, blob)))) return undefined;
  return { digest, mediaType: mediaTypeOf(text, manifest), text, manifest };
}

/** What a manifest calls itself; OCI's need not say so. */
function mediaTypeOf(text: string, { config }: ImageManifest): string {
  const { mediaType } = JSON.parse(text) as { mediaType?: unknown };
  if (typeof mediaType === "string") return mediaType;
  return config.mediaType.includes("docker") ? DOCKER_MANIFEST! : MANIFEST;
}

/** A layer as it is to be sent: one that is not compressed yet is. */
async function travellingLayer(store: ImageStore, hold: Hold, blob: string): Promise<Descriptor> {
  const path = blobPath(store.roots, blob);
  const format = formatOf(await firstBytes(path));
  if (format !== "none") return { mediaType: `${LAYER}+${format}`, digest: blob, size: statSync(path).size };
  const packed = await putBlob(store, hold, through(createGzip(), createReadStream(path)));
  return { mediaType: `${LAYER}+gzip`, ...packed };
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** From now on the image's blobs are those of this manifest, so that its digest stays what was told. */
function keepManifest(
  { database }: ImageStore,
  id: string,
  digest: string,
  layers: readonly Descriptor[],
): void {
  database.durableTransaction(() => {
    database.run("UPDATE images SET manifest = ? WHERE id = ?", digest, id);
    for (const [position, layer] of layers.entries()) {
      const sql = "UPDATE image_layers SET blob = ? WHERE image = ? AND position = ?";
      database.run(sql, layer.digest, id, position);
    }
  });
}
