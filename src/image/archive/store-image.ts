import { availableParallelism } from "node:os";
import { layersOf } from "../catalog/resolve.ts";
import { setReference } from "../catalog/tag.ts";
import type { Hold } from "../content/hold.ts";
import { readDocument } from "../content/put-blob.ts";
import { chainIds } from "../digest.ts";
import { ensureLayer, type WantedLayer } from "../layer/install-layer.ts";
import { malformed, parseConfiguration } from "../oci.ts";
import type { ImageStore } from "../store.ts";
import type { FoundImage } from "./found-image.ts";

/** Unpacks what is missing of some images, then makes all of them known at once. */
export async function storeImages(
  store: ImageStore,
  hold: Hold,
  images: readonly FoundImage[],
): Promise<void> {
  const prepared = await Promise.all(images.map((image) => prepare(store, image)));
  await ensureLayers(
    store,
    hold,
    prepared.flatMap((image) => image.layers),
  );
  store.database.durableTransaction(() => {
    for (const image of prepared) insertImage(store, image);
  });
}

type PreparedImage = FoundImageHead & { readonly layers: readonly WantedLayer[] };
type FoundImageHead = Omit<FoundImage, "layers"> & {
  readonly document: string;
  readonly architecture: string;
  readonly os: string;
};

async function prepare(store: ImageStore, image: FoundImage): Promise<PreparedImage> {
  const { configuration: digest, configurationSize: size } = image;
  const document = await readDocument(store, { digest, size });
  const { architecture, os, rootfs } = parseConfiguration(document, digest);
  if (rootfs.diff_ids.length !== image.layers.length) {
    throw malformed(digest, `the configuration of an image with ${image.layers.length} layers`);
  }
  const chain = chainIds(rootfs.diff_ids);
  const layers = image.layers.map((blob, index) => {
    return { blob, diffId: rootfs.diff_ids[index]!, chainId: chain[index]! };
  });
  return { ...image, document, architecture, os, layers };
}

/** Each layer once, several at a time: unpacking is half decompression here, half file system in the helper. */
async function ensureLayers(store: ImageStore, hold: Hold, layers: readonly WantedLayer[]): Promise<void> {
  const waiting = [...new Map(layers.map((layer) => [layer.chainId, layer])).values()];
  let failed = false;
  const work = async () => {
    for (let layer = waiting.shift(); layer && !failed; layer = waiting.shift()) {
      await ensureLayer(store, hold, layer);
    }
  };
  const workers = Array.from({ length: availableParallelism() }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  // All of them come to rest before the hold is let go of, also when one has failed.
  const outcomes = await Promise.allSettled(workers);
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure) throw failure.reason;
}

function insertImage({ database }: ImageStore, image: PreparedImage): void {
  const { configuration: id, document, architecture, os, layers, manifest } = image;
  const chain = layers.map((layer) => layer.chainId);
  const sql = `INSERT INTO images (id, configuration, architecture, os, size, manifest, stored)
    VALUES (?, ?, ?, ?, (SELECT coalesce(sum(size), 0) FROM layers WHERE chain_id IN (SELECT value FROM json_each(?))), ?, ?)
    ON CONFLICT (id) DO UPDATE SET manifest = coalesce(excluded.manifest, manifest)`;
  database.run(sql, id, document, architecture, os, JSON.stringify(chain), manifest ?? null, Date.now());
  // The blobs must be those of the manifest: the same layers may have come compressed otherwise before.
  if (manifest !== undefined || layersOf(database, id).length === 0) {
    for (const [position, { chainId, blob }] of layers.entries()) {
      const insert = `INSERT INTO image_layers (image, position, chain_id, blob) VALUES (?, ?, ?, ?)
        ON CONFLICT (image, position) DO UPDATE SET blob = excluded.blob`;
      database.run(insert, id, position, chainId, blob);
    }
  }
  for (const reference of image.references) setReference(database, reference, id);
}
