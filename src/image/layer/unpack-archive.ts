import { createReadStream } from "node:fs";
import { decompress } from "../compression/decompress.ts";
import type { ImageStore } from "../store.ts";
import { DEFAULT_LIMITS, limitGrowth } from "./limits.ts";
import { TreeProcess } from "./tree-process.ts";
import { unpackTar } from "./unpack-tar.ts";

/** Unpacks a tar archive, plain or compressed with gzip or zstd, into an empty directory. Throws for anything else. */
export async function unpackArchive(
  store: Pick<ImageStore, "helper" | "userNamespace">,
  archive: Buffer | string,
  directory: string,
): Promise<void> {
  await using helper = new TreeProcess(store.helper);
  const file = createReadStream(archive, { highWaterMark: 256 * 1024 });
  const tar = limitGrowth(decompress(file), () => file.bytesRead, DEFAULT_LIMITS);
  const { userNamespace } = store;
  await unpackTar(tar, { directory, helper, userNamespace, limits: DEFAULT_LIMITS });
  await helper.finish();
}
