import { Readable } from "node:stream";
import { taggableReference } from "../catalog/tag.ts";
import type { Hold } from "../content/hold.ts";
import { putBlob } from "../content/put-blob.ts";
import type { StoredLayer } from "../layer/commit-layer.ts";
import type { ImageConfiguration } from "../oci.ts";
import type { ImageStore } from "../store.ts";
import type { LoadedImage } from "./load.ts";
import { storeImages } from "./store-image.ts";

export type BuiltImage = {
  readonly configuration: ImageConfiguration;
  /** Lowest first. */
  readonly layers: readonly Pick<StoredLayer, "blob">[];
  /** Names as people write them. */
  readonly names: readonly string[];
};

/**
 * Makes an image known whose layers are stored: configuration and names. The same in, the same id. It gets a manifest,
 * with compressed layers, when it first leaves this machine.
 */
export async function storeBuiltImage(
  store: ImageStore,
  hold: Hold,
  image: BuiltImage,
): Promise<LoadedImage> {
  const references = image.names.map(taggableReference);
  const document = Buffer.from(JSON.stringify(image.configuration));
  const configuration = await putBlob(store, hold, Readable.from([document]));
  const layers = image.layers.map(({ blob }) => blob);
  await storeImages(store, hold, [
    { configuration: configuration.digest, configurationSize: configuration.size, layers, references },
  ]);
  return { id: configuration.digest, references };
}
