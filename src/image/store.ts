import { join } from "node:path";
import type { Database } from "../lib/database.ts";
import type { Roots } from "../lib/paths.ts";

/** What reading about images needs. */
export type ImageCatalog = { readonly roots: Roots; readonly database: Database };

/** What adding and removing images needs. */
export type ImageStore = ImageCatalog & {
  /** Path of gantry-shim (src/lib/helper-path.ts). */
  readonly helper: string;
  /** Whether we are root in a user namespace only: devices cannot be made, overlayfs reads user.overlay.* there. */
  readonly userNamespace: boolean;
  /** Directories of the layers that containers stand on, whatever has become of their images. Asked when collecting. */
  readonly layersInUse: () => Iterable<string>;
};

export const blobsDirectory = (roots: Roots) => join(roots.data, "blobs/sha256");
export const layersDirectory = (roots: Roots) => join(roots.data, "layers");

/** Where the blob with this digest is. */
export const blobPath = (roots: Roots, digest: string) => join(blobsDirectory(roots), hexOf(digest));

/** Where the layer with this chain id is unpacked. */
export const layerDirectory = (roots: Roots, chainId: string) => join(layersDirectory(roots), hexOf(chainId));

/** "sha256:<hex>" → "<hex>" */
export const hexOf = (digest: string) => digest.slice(digest.indexOf(":") + 1);

/**
 * The lock for fetching a blob. Few files are enough, and they stay: blobs that share one wait for each other, and who
 * removed a lock file could remove it from under somebody.
 */
export const fetchLockPath = (roots: Roots, digest: string) =>
  join(roots.run, "fetch", `${hexOf(digest).slice(0, 2)}.lock`);
