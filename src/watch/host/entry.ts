import { lstatSync, type Stats, statSync } from "node:fs";

/**
 * Something on the host, as last looked at, in one short text, since a tree may have a hundred thousand: a letter for
 * its kind (f, d, l), the permission bits in octal, and, but for directories, inode, size and both times. Two that are
 * the same were not changed in between.
 */
export type HostEntry = string;

export type EntryKind = "file" | "directory" | "link";

/** The clock that stamps files may tick as seldom as every ten milliseconds. */
const SURE_AFTER_MS = 20;

const KINDS: Readonly<Record<string, EntryKind>> = { f: "file", d: "directory", l: "link" };

export const kindOf = (entry: HostEntry): EntryKind | undefined => KINDS[entry[0] ?? ""];

export const modeOf = (entry: HostEntry): number => Number.parseInt(entry.slice(1, 5), 8);

/** When a file or link was last changed in any way, in Unix milliseconds; of a directory nothing is known. */
export function changedAt(entry: HostEntry): number | undefined {
  const time = entry.split(".")[4];
  return time === undefined ? undefined : Number.parseInt(time, 36) / 1000;
}

/** Looks at a path; undefined when it is not there, or is neither file, directory nor link. */
export function lookAt(path: string, { follow = false } = {}): HostEntry | undefined {
  try {
    const stats = (follow ? statSync : lstatSync)(path, { throwIfNoEntry: false });
    return stats && entryOf(stats);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** What the kernel tells of a file, link or directory; undefined for anything else. */
export function entryOf(stats: Stats): HostEntry | undefined {
  const kind = letterOf(stats);
  if (!kind) return undefined;
  const head = kind + (stats.mode & 0o7777).toString(8).padStart(4, "0");
  // A directory changes with every file in it; only its mode is of interest.
  if (kind === "d") return head;
  const { size, mtimeMs, ctimeMs, ino } = stats;
  const numbers = [ino, size, Math.round(mtimeMs * 1000), Math.round(ctimeMs * 1000)];
  // Within one tick of the clock that stamps files, a second change may leave no trace.
  if (Date.now() - ctimeMs < SURE_AFTER_MS) numbers.push(Date.now());
  // Joined, not concatenated: V8 would keep the parts of a concatenation.
  return [head, ...numbers.map((number) => number.toString(36))].join(".");
}

/** Whether an error says that the path is not there any more, or something else is. */
export function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ["ENOENT", "ENOTDIR", "EINVAL", "EISDIR", "ELOOP"].includes(code ?? "");
}

function letterOf(stats: Stats): string | undefined {
  if (stats.isFile()) return "f";
  if (stats.isDirectory()) return "d";
  return stats.isSymbolicLink() ? "l" : undefined;
}
