import { hash } from "node:crypto";
import { lstatSync, mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { GantryError } from "./diagnostic.ts";
import type { Roots } from "./paths.ts";

/** f_type of statfs(2): file systems whose content is never on a disk of their own. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/**
 * The directory for what must never lie on a disk: below the run root when that is in memory, else below /dev/shm,
 * named after the data root. Made when missing, for its owner only.
 */
export function memoryDirectory(roots: Roots): string {
  mkdirSync(roots.run, { recursive: true, mode: 0o700 });
  if (isInMemory(roots.run)) return made(join(roots.run, "contents"));
  const path = memoryDirectoryInShm(roots);
  if (isInMemory("/dev/shm")) return made(path);
  throw new GantryError("no-memory-directory", `neither ${roots.run} nor /dev/shm is a tmpfs`, {
    hint: "secrets are kept in memory only: mount a tmpfs at /dev/shm",
  });
}

/** Where it is when the run root lies on a disk, as with GANTRY_ROOT. */
export const memoryDirectoryInShm = (roots: Roots) =>
  `/dev/shm/gantry-${hash("sha256", roots.data, "hex").slice(0, 16)}`;

const isInMemory = (path: string) => IN_MEMORY.has(statfsSync(path).type);

/** /dev/shm is writable for everybody: a directory that somebody else made there first is refused. */
function made(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(path);
  const isOurs = uid === process.geteuid!() && (mode & 0o170777) === 0o040700;
  if (isOurs) return path;
  throw new GantryError("memory-directory-foreign", `${path} is not a directory of this user's alone`, {
    hint: "remove it, and run the command again",
  });
}
