import { createReadStream, existsSync, renameSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { ownedName } from "../../lib/owned-name.ts";
import { decompress } from "../compression/decompress.ts";
import { explainDiskError } from "../content/disk-full.ts";
import type { Hold } from "../content/hold.ts";
import { wrongDigest } from "../content/put-blob.ts";
import { DigestingStream } from "../digest.ts";
import { blobPath, type ImageStore, layerDirectory, layersDirectory } from "../store.ts";
import { DEFAULT_LIMITS, type LayerLimits, limitGrowth } from "./limits.ts";
import { removeTrees } from "./remove-trees.ts";
import { TreeProcess } from "./tree-process.ts";
import { unpackTar } from "./unpack-tar.ts";

/** A layer to have unpacked: the stored blob it is made from and what it must turn out to be. */
export type WantedLayer = { readonly blob: string; readonly diffId: string; readonly chainId: string };

/**
 * Makes sure that the layer is unpacked under its chain id. Two commands that want the same layer at once both unpack
 * it; the first one's is kept, and both succeed.
 */
export async function ensureLayer(store: ImageStore, hold: Hold, layer: WantedLayer): Promise<void> {
  hold.keep("layer", layer.chainId);
  if (isInstalled(store, layer.chainId)) return;
  const unpacked = await unpackBlob(store, layer.blob);
  try {
    if (unpacked.diffId !== layer.diffId) throw wrongDigest(layer.diffId, unpacked.diffId);
  } catch (error) {
    await removeTrees(store, [unpacked.directory]);
    throw error;
  }
  await installLayer(store, unpacked, layer.chainId);
}

/** A layer unpacked into a directory of ours that nobody else knows. */
export type UnpackedLayer = { readonly directory: string; readonly diffId: string; readonly size: number };

/** Unpacks a stored blob; on any failure nothing is left. */
export function unpackBlob(
  store: ImageStore,
  blob: string,
  limits: LayerLimits = DEFAULT_LIMITS,
): Promise<UnpackedLayer> {
  const file = createReadStream(blobPath(store.roots, blob), { highWaterMark: 256 * 1024 });
  return unpackLayer(store, { stream: file, bytesRead: () => file.bytesRead }, limits);
}

/** A layer as it comes, plain or compressed, and how much of it has been read. */
export type LayerSource = {
  readonly stream: AsyncIterable<Uint8Array>;
  readonly bytesRead: () => number;
};

/** Unpacks a layer from a stream; on any failure nothing is left. */
export async function unpackLayer(
  store: ImageStore,
  source: LayerSource,
  limits: LayerLimits = DEFAULT_LIMITS,
): Promise<UnpackedLayer> {
  const directory = join(layersDirectory(store.roots), ownedName("incoming"));
  await mkdir(directory, { recursive: true, mode: 0o755 });
  try {
    return { directory, ...(await unpackInto(store, directory, source, limits)) };
  } catch (error) {
    await removeTrees(store, [directory]);
    throw explainDiskError(error, "unpacking a layer");
  }
}

/** Puts an unpacked layer in its place, or discards it when another command was faster. */
export async function installLayer(store: ImageStore, layer: UnpackedLayer, chainId: string): Promise<void> {
  const leftover = store.database.transaction(() => {
    if (isInstalled(store, chainId)) return layer.directory;
    const displaced = displace(store, chainId);
    renameSync(layer.directory, layerDirectory(store.roots, chainId));
    const sql = "INSERT OR REPLACE INTO layers (chain_id, diff_id, size, stored) VALUES (?, ?, ?, ?)";
    store.database.run(sql, chainId, layer.diffId, layer.size, Date.now());
    return displaced;
  });
  await syncDirectory(layersDirectory(store.roots));
  if (leftover !== undefined) await removeTrees(store, [leftover]);
}

/** Moves a directory without a row aside: a command was killed after its rename and before its commit. */
function displace({ roots }: ImageStore, chainId: string): string | undefined {
  const place = layerDirectory(roots, chainId);
  if (!existsSync(place)) return undefined;
  const aside = join(layersDirectory(roots), ownedName("removed"));
  renameSync(place, aside);
  return aside;
}

/** A layer is there when the database and the disk both say so. */
export function isInstalled({ roots, database }: ImageStore, chainId: string): boolean {
  const row = database.get("SELECT 1 FROM layers WHERE chain_id = ?", chainId);
  return row !== undefined && existsSync(layerDirectory(roots, chainId));
}

async function unpackInto(
  store: ImageStore,
  directory: string,
  source: LayerSource,
  limits: LayerLimits,
): Promise<{ diffId: string; size: number }> {
  await using helper = new TreeProcess(store.helper);
  const tar = new DigestingStream(limitGrowth(decompress(source.stream), source.bytesRead, limits));
  const size = await unpackTar(tar, { directory, helper, userNamespace: store.userNamespace, limits });
  // The name under which a layer is found must never stand for half of it, not even after a power failure.
  helper.send({ op: "tree_sync", root: Buffer.from(directory).toString("latin1") });
  await helper.finish();
  return { diffId: tar.digest(), size };
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
