import { existsSync } from "node:fs";
import { withProcessLock } from "../../lib/process-lock.ts";
import { explainDiskError } from "../content/disk-full.ts";
import type { Hold } from "../content/hold.ts";
import { IncomingBlob } from "../content/incoming-blob.ts";
import { wrongDigest } from "../content/put-blob.ts";
import { blobPath, fetchLockPath, type ImageStore } from "../store.ts";
import { ensureLayer, installLayer, isInstalled, unpackLayer, type WantedLayer } from "./install-layer.ts";
import { removeTrees } from "./remove-trees.ts";

/** A layer that is to be in the store, and where it comes from if it is not. */
export type RemoteLayer = WantedLayer & {
  /** Opens the stream of the blob; called at most once. */
  readonly download: () => AsyncGenerator<Uint8Array>;
  readonly signal?: AbortSignal;
};

/**
 * Makes sure that a layer's blob is stored and the layer unpacked, unpacking while the blob arrives. Whoever wants the
 * same blob at the same time, in this process or another, waits and finds it. Tells whether it was all there.
 */
export async function fetchLayer(store: ImageStore, hold: Hold, layer: RemoteLayer): Promise<boolean> {
  hold.keep("blob", layer.blob);
  hold.keep("layer", layer.chainId);
  if (isStored(store, layer)) return true;
  const lock = fetchLockPath(store.roots, layer.blob);
  return withProcessLock(lock, () => fetchUnlessThere(store, hold, layer), layer.signal);
}

const isStored = (store: ImageStore, { blob, chainId }: WantedLayer): boolean =>
  existsSync(blobPath(store.roots, blob)) && isInstalled(store, chainId);

async function fetchUnlessThere(store: ImageStore, hold: Hold, layer: RemoteLayer): Promise<boolean> {
  if (isStored(store, layer)) return true;
  if (existsSync(blobPath(store.roots, layer.blob))) {
    await ensureLayer(store, hold, layer);
    return true;
  }
  try {
    await download(store, hold, layer);
    return false;
  } catch (error) {
    throw explainDiskError(error, "storing a layer");
  }
}

async function download(store: ImageStore, hold: Hold, layer: RemoteLayer): Promise<void> {
  await using incoming = await IncomingBlob.open(store);
  const stream = incoming.through(layer.download());
  const unpacked = isInstalled(store, layer.chainId)
    ? undefined
    : await unpackArriving(store, stream, layer.signal);
  try {
    // Unpacking may stop before the end of the blob; all of it is stored, and counts for its digest.
    for await (const _ of stream);
    await incoming.commit(hold, (digest) => {
      if (digest !== layer.blob) throw wrongDigest(layer.blob, digest);
    });
    if (unpacked && unpacked.diffId !== layer.diffId) throw wrongDigest(layer.diffId, unpacked.diffId);
  } catch (error) {
    if (unpacked) await removeTrees(store, [unpacked.directory]);
    throw error;
  }
  if (unpacked) await installLayer(store, unpacked, layer.chainId);
}

async function unpackArriving(store: ImageStore, stream: AsyncGenerator<Uint8Array>, signal?: AbortSignal) {
  let read = 0;
  // Who unpacks cancels what it reads from when it is done with it; the stream has to go on, so it gets no `return`.
  const next = async () => {
    const result = await stream.next();
    if (!result.done) read += result.value.length;
    return result;
  };
  const source = { stream: { [Symbol.asyncIterator]: () => ({ next }) }, bytesRead: () => read };
  try {
    return await unpackLayer(store, source);
  } catch (error) {
    await stream.return(undefined);
    signal?.throwIfAborted();
    throw error;
  }
}
