import type { BigIntStats } from "node:fs";
import type { WrittenEntry } from "./write-header.ts";

/** What the file system does not tell by stat(2). */
export type EntryDetails = {
  readonly xattrs: WrittenEntry["xattrs"];
  /** Where a symbolic link points to; asked for links only. */
  readonly link: () => string;
  /** The name by which the same file is in the archive already. */
  readonly sameAs?: string | undefined;
};

/** The entry of a file by that name (a byte string), whatever it is; the slash of a directory is added. */
export function describeEntry(stats: BigIntStats, name: string, details: EntryDetails): WrittenEntry {
  const common = {
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    modified: Number(stats.mtimeNs / 1_000_000_000n),
    size: 0,
    link: "",
    major: 0,
    minor: 0,
    xattrs: details.xattrs,
  };
  if (stats.isDirectory()) return { ...common, name: `${name}/`, flag: "5" };
  if (details.sameAs !== undefined) return { ...common, name, flag: "1", link: details.sameAs, xattrs: [] };
  if (stats.isSymbolicLink()) return { ...common, name, flag: "2", link: details.link() };
  if (stats.isFile()) return { ...common, name, flag: "0", size: Number(stats.size) };
  if (stats.isFIFO()) return { ...common, name, flag: "6" };
  return { ...common, name, flag: stats.isBlockDevice() ? "4" : "3", ...deviceNumbers(stats.rdev) };
}

/** As makedev(3) has put them together. */
function deviceNumbers(rdev: bigint): { major: number; minor: number } {
  return {
    major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn)),
    minor: Number((rdev & 0xffn) | ((rdev >> 12n) & ~0xffn)),
  };
}
