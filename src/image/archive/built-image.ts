import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { Readable } from "node:stream";
import { taggableReference } from "../catalog/tag.ts";
import type { Hold } from "../content/hold.ts";
import { putBlob } from "../content/put-blob.ts";
import type { StoredLayer } from "../layer/commit-layer.ts";
import type { Descriptor, ImageConfiguration } from "../oci.ts";
import { blobPath, type ImageStore } from "../store.ts";
import type { LoadedImage } from "./load.ts";
import { storeImages } from "./store-image.ts";

const MEDIA_TYPES = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  configuration: "application/vnd.oci.image.config.v1+json",
} as const;

export type BuiltImage = {
  readonly configuration: ImageConfiguration;
  /** Lowest first. */
  readonly layers: readonly Pick<StoredLayer, "blob">[];
  /** Names as people write them. */
  readonly names: readonly string[];
};

/** Makes an image known whose layers are stored: configuration, OCI manifest, names. The same in, the same id. */
export async function storeBuiltImage(
  store: ImageStore,
  hold: Hold,
  image: BuiltImage,
): Promise<LoadedImage> {
  const references = image.names.map(taggableReference);
  const document = async (value: unknown) =>
    putBlob(store, hold, Readable.from([Buffer.from(JSON.stringify(value))]));
  const configuration = await document(image.configuration);
  const manifest = await document({
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.manifest,
    config: { mediaType: MEDIA_TYPES.configuration, ...configuration },
    layers: image.layers.map(({ blob }) => describeLayer(store, blob)),
  });
  await storeImages(store, hold, [
    {
      configuration: configuration.digest,
      configurationSize: configuration.size,
      layers: image.layers.map(({ blob }) => blob),
      manifest: manifest.digest,
      references,
    },
  ]);
  return { id: configuration.digest, references };
}

/** A layer's descriptor; how it is compressed shows in its first bytes. */
function describeLayer({ roots }: ImageStore, blob: string): Descriptor {
  const file = openSync(blobPath(roots, blob), "r");
  try {
    const start = Buffer.alloc(4);
    readSync(file, start, 0, start.length, 0);
    const compression =
      start.readUInt16BE(0) === 0x1f8b ? "+gzip" : start.readUInt32LE(0) === 0xfd2fb528 ? "+zstd" : "";
    const mediaType = `application/vnd.oci.image.layer.v1.tar${compression}`;
    return { mediaType, digest: blob, size: fstatSync(file).size };
  } finally {
    closeSync(file);
  }
}
