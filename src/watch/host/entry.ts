import { lstatSync, readlinkSync, type Stats } from "node:fs";

/** Something on the host, as last looked at. */
export type HostEntry = {
  readonly kind: "file" | "directory" | "link";
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Differs whenever anything about it may have changed: inode, size, and both times. */
  readonly identity: string;
  /** Of a link. */
  readonly target?: string;
};

/** The clock that stamps files may tick as seldom as every ten milliseconds. */
const SURE_AFTER_MS = 20;

/** Looks at a path without following a link; undefined when it is not there, or is neither file, directory nor link. */
export function lookAt(path: string): HostEntry | undefined {
  try {
    const stats = lstatSync(path);
    const kind = kindOf(stats);
    if (!kind) return undefined;
    const { size, mtimeMs, ctimeMs, ino } = stats;
    const mode = stats.mode & 0o7777;
    // Within one tick of the clock that stamps files, a second change may leave no trace.
    const unsure = Date.now() - ctimeMs < SURE_AFTER_MS ? `.${Date.now()}` : "";
    // A directory changes with every file in it; only its mode is of interest.
    const identity =
      kind === "directory" ? `d${mode}` : `${kind[0]}${mode}.${ino}.${size}.${mtimeMs}.${ctimeMs}${unsure}`;
    return {
      kind,
      mode,
      size,
      modified: mtimeMs,
      identity,
      ...(kind === "link" && { target: readlinkSync(path) }),
    };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that the path is not there any more, or something else is. */
export function isGone(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EINVAL", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function kindOf(stats: Stats): HostEntry["kind"] | undefined {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "link" : undefined;
}
