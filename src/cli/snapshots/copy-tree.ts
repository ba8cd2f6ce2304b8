import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { GantryError } from "../../lib/diagnostic.ts";

const run = promisify(execFile);

/**
 * Copies a directory to a place where there is none: owners, modes, times, extended attributes, hard links and holes
 * stay. Files share their blocks with the copy where the file system can (FICLONE), so that the size costs nothing.
 * Afterwards the copy is on the disk.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  try {
    await run("cp", [
      "--archive",
      "--reflink=auto",
      "--sparse=auto",
      "--no-target-directory",
      "--",
      from,
      to,
    ]);
    await run("sync", ["--file-system", to]);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new GantryError("snapshot-copy", `cannot copy ${from}`, {
      details: (stderr || message).trim().split("\n").slice(0, 10),
    });
  }
}
