import { Readable } from "node:stream";
import { taggableReference } from "../catalog/tag.ts";
import { collectGarbage } from "../collect.ts";
import { Hold } from "../content/hold.ts";
import { putBlob } from "../content/put-blob.ts";
import type { ImageConfig } from "../contract.ts";
import { installLayer, unpackBlob } from "../layer/install-layer.ts";
import type { ImageConfiguration } from "../oci.ts";
import { hostPlatform } from "../platform.ts";
import type { ImageStore } from "../store.ts";
import { applyChanges } from "./changes.ts";
import type { LoadedImage } from "./load.ts";
import { storeImages } from "./store-image.ts";

export type ImportOptions = {
  /** Name to give the image; without one it has just its id. */
  readonly reference?: string;
  /** Dockerfile instructions that set the image's configuration, as `docker import --change` takes them. */
  readonly changes?: readonly string[];
  readonly message?: string;
};

/** Makes an image of one layer from the tar of a root file system, plain or compressed with gzip or zstd. */
export async function importRootfs(
  store: ImageStore,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<LoadedImage> {
  const config = applyChanges(options.changes ?? []);
  const references = options.reference === undefined ? [] : [taggableReference(options.reference)];
  try {
    using hold = new Hold(store.database);
    const blob = await putBlob(store, hold, source);
    const layer = await unpackBlob(store, blob.digest);
    // Of a single layer, the chain id is what the layer itself is called.
    hold.keep("layer", layer.diffId);
    await installLayer(store, layer, layer.diffId);
    const document = JSON.stringify(configurationOf(layer.diffId, config, options.message));
    const configuration = await putBlob(store, hold, Readable.from([Buffer.from(document)]));
    const image = {
      configuration: configuration.digest,
      configurationSize: configuration.size,
      layers: [blob.digest],
      references,
    };
    await storeImages(store, hold, [image]);
    return { id: image.configuration, references };
  } finally {
    await collectGarbage(store);
  }
}

function configurationOf(
  diffId: string,
  config: ImageConfig,
  message = "Imported from -",
): ImageConfiguration {
  const created = new Date().toISOString();
  return {
    ...hostPlatform(),
    created,
    comment: message,
    config,
    rootfs: { type: "layers", diff_ids: [diffId] },
    history: [{ created, comment: message }],
  };
}
