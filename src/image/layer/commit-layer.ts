import { renameSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ownedName } from "../../lib/owned-name.ts";
import { explainDiskError } from "../content/disk-full.ts";
import type { Hold } from "../content/hold.ts";
import { putBlob } from "../content/put-blob.ts";
import { chainIds } from "../digest.ts";
import { blobPath, type ImageStore, layerDirectory, layersDirectory } from "../store.ts";
import { readAttributes, type TreeAttributes } from "./attributes.ts";
import { ensureLayer, installLayer } from "./install-layer.ts";
import { packTree } from "./pack-tree.ts";
import { TreeProcess } from "./tree-process.ts";

/** A layer in the store: unpacked under its chain id, and as the blob it goes out as. */
export type StoredLayer = {
  readonly chainId: string;
  readonly diffId: string;
  readonly blob: string;
  /** Bytes of its files. */
  readonly size: number;
};

export type CommitRequest = {
  /** An overlay's upper directory below the data root, which becomes the layer. */
  readonly directory: string;
  /** Chain id of what is beneath; absent for the lowest layer. */
  readonly below?: string;
  /** Seconds: no time in the archive is later. */
  readonly latest?: number;
  /** When they are known already. */
  readonly attributes?: TreeAttributes;
};

/** Makes a layer of what a build step has changed. The blob is not compressed: that is for whoever sends it away. */
export async function commitLayer(
  store: ImageStore,
  hold: Hold,
  request: CommitRequest,
): Promise<StoredLayer> {
  const { directory, below, latest } = request;
  try {
    const attributes = request.attributes ?? (await readAttributes(store.helper, directory));
    let size = 0;
    const blob = await putBlob(
      store,
      hold,
      packTree({ directory, attributes, latest }, (bytes) => (size = bytes)),
    );
    const diffId = blob.digest;
    const chainId = below === undefined ? diffId : chainIds([below, diffId])[1]!;
    hold.keep("layer", chainId);
    await mkdir(layersDirectory(store.roots), { recursive: true, mode: 0o755 });
    const incoming = join(layersDirectory(store.roots), ownedName("incoming"));
    renameSync(directory, incoming);
    await sync(store, incoming);
    await installLayer(store, { directory: incoming, diffId, size }, chainId);
    return { chainId, diffId, blob: blob.digest, size };
  } catch (error) {
    throw explainDiskError(error, "keeping a layer");
  }
}

/** Takes in a layer that was made elsewhere: the blob must have its digest, and what is in it its own. */
export async function importLayer(
  store: ImageStore,
  hold: Hold,
  source: AsyncIterable<Uint8Array>,
  layer: { readonly blob: string; readonly diffId: string; readonly below: string | undefined },
): Promise<StoredLayer> {
  await putBlob(store, hold, source, layer.blob);
  return unpacked(store, hold, layer);
}

/** Makes a layer of a tar that is not compressed. */
export async function storeLayer(
  store: ImageStore,
  hold: Hold,
  source: AsyncIterable<Uint8Array>,
  below: string | undefined,
): Promise<StoredLayer> {
  const { digest } = await putBlob(store, hold, source);
  return unpacked(store, hold, { blob: digest, diffId: digest, below });
}

async function unpacked(
  store: ImageStore,
  hold: Hold,
  { blob, diffId, below }: { blob: string; diffId: string; below: string | undefined },
): Promise<StoredLayer> {
  const chainId = below === undefined ? diffId : chainIds([below, diffId])[1]!;
  await ensureLayer(store, hold, { blob, diffId, chainId });
  const row = store.database.get<{ size: number }>("SELECT size FROM layers WHERE chain_id = ?", chainId);
  return { chainId, diffId, blob, size: row?.size ?? 0 };
}

/** Where the blob with this digest is. */
export const blobFile = ({ roots }: Pick<ImageStore, "roots">, digest: string): string =>
  blobPath(roots, digest);

/** Whether a layer and its blob are there to be used again. */
export function isLayerStored({ database }: Pick<ImageStore, "database">, chainId: string): boolean {
  return database.get("SELECT 1 FROM layers WHERE chain_id = ?", chainId) !== undefined;
}

/** Where a layer is unpacked: an overlay's lower directory. */
export const unpackedLayer = ({ roots }: Pick<ImageStore, "roots">, chainId: string): string =>
  layerDirectory(roots, chainId);

async function sync(store: ImageStore, directory: string): Promise<void> {
  await using helper = new TreeProcess(store.helper);
  helper.send({ op: "tree_sync", root: Buffer.from(directory).toString("latin1") });
  await helper.finish();
}
