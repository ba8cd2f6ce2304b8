import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

const BLOCK = 512;

/** Bytes that a directory and all beneath it take of the disk; what goes away meanwhile counts as nothing. */
export async function treeSize(path: string): Promise<number> {
  const status = await unlessGone(lstat(path));
  if (!status) return 0;
  let size = status.blocks * BLOCK;
  if (!status.isDirectory()) return size;
  // One directory at a time: a tree of millions of files must not become millions of promises.
  for (const name of (await unlessGone(readdir(path))) ?? []) size += await treeSize(join(path, name));
  return size;
}

async function unlessGone<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
