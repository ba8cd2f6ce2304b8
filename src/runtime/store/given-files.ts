import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { memoryDirectory } from "../../lib/memory-directory.ts";
import type { Roots } from "../../lib/paths.ts";
import type { GivenFile } from "../contract.ts";

const directoryOf = (roots: Roots, id: string) => join(memoryDirectory(roots), id);

/** Where a config or secret of a container lies: in memory, in a directory of gantry's user alone. */
export const givenFilePath = (roots: Roots, id: string, index: number) =>
  join(directoryOf(roots, id), `${index}`);

/** Puts the content there, with exactly the owner and mode asked for; it appears at once. */
export function writeGivenFile(
  roots: Roots,
  id: string,
  index: number,
  { uid, gid, mode }: Pick<GivenFile, "uid" | "gid" | "mode">,
  content: Buffer,
): void {
  const path = givenFilePath(roots, id, index);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, content, { mode: 0o600, flag: "wx" });
  chownSync(fresh, uid, gid);
  chmodSync(fresh, mode);
  renameSync(fresh, path);
}

/** Whether the content is there; after a reboot it is not. */
export const hasGivenFile = (roots: Roots, id: string, index: number) =>
  existsSync(givenFilePath(roots, id, index));

/** Removes all of a container, and the directory of them all when it was the last. */
export function removeGivenFiles(roots: Roots, id: string): void {
  const directory = directoryOf(roots, id);
  rmSync(directory, { recursive: true, force: true });
  try {
    rmdirSync(dirname(directory));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "ENOENT") throw error;
  }
}
