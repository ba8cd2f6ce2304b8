import { createHash, type Hash } from "node:crypto";
import { type BigIntStats, closeSync, openSync, readFileSync, readlinkSync, readSync } from "node:fs";
import { onDisk } from "./byte-path.ts";
import type { SourceTree, TreeEntry } from "./source-tree.ts";

/** Adds to a hash what decides about a layer: name, kind, owner, mode and content of an entry, never its time. */
export function digestEntry(hash: Hash, tree: SourceTree, { path, stats }: TreeEntry, name: string): void {
  const owner = tree.keepOwners ? `${stats.uid}:${stats.gid}` : "";
  hash.update(`${name}\0${kindOf(stats)}\0${stats.mode & 0o7777n}\0${owner}\0`, "latin1");
  for (const { name, value } of tree.attributes.get(path) ?? []) {
    if (!name.startsWith("trusted.overlay.")) hash.update(`${name}=${value.toString("hex")}\0`);
  }
  if (stats.isFile()) {
    const digest = () => contentDigest(onDisk(tree.root, path), stats);
    hash.update(tree.digests ? tree.digests.of(path, stats, digest) : digest());
  } else if (stats.isSymbolicLink())
    hash.update(readlinkSync(onDisk(tree.root, path), { encoding: "buffer" }));
  else hash.update(String(stats.rdev));
}

function kindOf(stats: BigIntStats): string {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "link" : `node ${stats.mode & 0o170000n}`;
}

const PIECE = 1024 * 1024;

/** The sha256 of a file. */
function contentDigest(path: Buffer, { size }: BigIntStats): Buffer {
  if (size <= PIECE) return createHash("sha256").update(readFileSync(path)).digest();
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    for (let length = readSync(file, piece); length > 0; length = readSync(file, piece)) {
      hash.update(piece.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest();
}
