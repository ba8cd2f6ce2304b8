import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Replaces a file so that a reader, or a crash at any moment, sees the old or the new content, never a mixture:
 * temporary file in the same directory, fsync, rename, fsync of the directory.
 */
export async function atomicWrite(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await writeSynced(temporary, content, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await withFile(dirname(path), "r", (directory) => directory.sync());
}

async function writeSynced(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  await withFile(path, "wx", async (file) => {
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  });
}

async function withFile(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
