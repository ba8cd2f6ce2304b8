import { GantryError } from "../../lib/diagnostic.ts";
import { collectGarbage } from "../collect.ts";
import { Hold } from "../content/hold.ts";
import type { ImageStore } from "../store.ts";
import { DOCKER_MANIFEST, findDockerImages } from "./docker-archive.ts";
import type { FoundImage } from "./found-image.ts";
import { findOciImages, OCI_INDEX } from "./oci-archive.ts";
import { type SpooledArchive, spoolArchive } from "./spool.ts";
import { storeImages } from "./store-image.ts";

/** An image that was loaded or imported, with the normalised names it got. */
export type LoadedImage = { readonly id: string; readonly references: readonly string[] };

/**
 * Loads the images of an archive made by `docker save` (both layouts it has had) or holding an OCI layout, plain or
 * compressed with gzip or zstd. Everything is verified against its digest; on failure nothing of it remains.
 */
export async function loadArchive(
  store: ImageStore,
  source: AsyncIterable<Uint8Array>,
): Promise<LoadedImage[]> {
  try {
    using hold = new Hold(store.database);
    const images = await findImages(await spoolArchive(store, hold, source));
    await storeImages(store, hold, images);
    return images.map(({ configuration, references }) => ({ id: configuration, references }));
  } finally {
    await collectGarbage(store);
  }
}

/** Docker writes both kinds into one archive now; manifest.json is preferred, for it has settled on names and platform. */
async function findImages(archive: SpooledArchive): Promise<FoundImage[]> {
  if (archive.find(DOCKER_MANIFEST)) return withManifests(archive, await findDockerImages(archive));
  if (archive.find(OCI_INDEX)) return findOciImages(archive);
  throw new GantryError(
    "archive-format",
    "this is not an image archive: it has no manifest.json and no index.json",
    {
      hint: "Make it with `docker save`, or with skopeo as docker-archive or oci-archive.",
    },
  );
}

/** The manifests beside manifest.json, so that images keep the digest they had; they must say the same. */
async function withManifests(archive: SpooledArchive, images: readonly FoundImage[]): Promise<FoundImage[]> {
  if (!archive.find(OCI_INDEX)) return [...images];
  const described = await findOciImages(archive).catch((error: unknown) => {
    if (error instanceof GantryError) return [];
    throw error;
  });
  return images.map((image) => {
    const same = described.find(
      ({ configuration, layers }) =>
        configuration === image.configuration && layers.join() === image.layers.join(),
    );
    return same?.manifest === undefined ? image : { ...image, manifest: same.manifest };
  });
}
