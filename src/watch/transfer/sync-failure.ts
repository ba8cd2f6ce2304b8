import { posix } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { isTemporary } from "./temporary-name.ts";

/** Code of the error when the container ended before the files came: no failure, since it catches up when it runs again. */
export const CONTAINER_GONE = "container-gone";

const HINTS: Readonly<Record<string, string>> = {
  EROFS: "the file system there is read-only: mount a volume or tmpfs at the target, or leave out read_only",
  ENOSPC: "the disk is full",
  EDQUOT: "a quota is used up",
  EBUSY: "something is mounted on that very file: mount the directory instead",
  ELOOP: "in the container a link stands where the host has a directory",
  EPERM: "the container's file is immutable, or its owner cannot be set there",
};

/** What fails for every path, so that leaving one out helps none of the others. */
const EVERYWHERE: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EDQUOT", undefined]);

/** Files could not be brought into a container; what `isBlocked` says could not, the rest may still be. */
export class SyncFailure extends GantryError {
  readonly isBlocked: ((path: string) => boolean) | undefined;

  constructor(message: string, hint: string | undefined, isBlocked: ((path: string) => boolean) | undefined) {
    super("sync-failed", message, { hint });
    this.isBlocked = isBlocked;
  }
}

/** Explains a status line of `gantry-shim tree` about files on their way into a container. */
export function explainSyncFailure(container: string): (status: string) => GantryError {
  return (status) => {
    const [, op, errno, subject = "", complaint] = /^failed (\S+) (\S+) \S+ (.*?): (.*)$/s.exec(status) ?? [];
    if (op === "tree_enter" && (errno === "ESRCH" || errno === "ENOENT")) {
      return new GantryError(CONTAINER_GONE, `${container} has ended`);
    }
    const path = Buffer.from(subject, "latin1").toString("utf8");
    const what = complaint === undefined ? "the helper ended without saying why" : `${path}: ${complaint}`;
    return new SyncFailure(
      `${container}: files could not be synchronised: ${what} (${errno ?? "?"})`,
      errno === undefined ? undefined : HINTS[errno],
      op === "tree_enter" || EVERYWHERE.has(errno) ? undefined : blockedBy(path, complaint ?? ""),
    );
  };
}

/** Which paths a failed operation stands for: a temporary file for its directory, unless it was whole already. */
function blockedBy(path: string, complaint: string): (path: string) => boolean {
  const target = /^renaming it to (.*)$/s.exec(complaint)?.[1];
  const subject = target ? Buffer.from(target, "latin1").toString("utf8") : path;
  if (!isTemporary(subject)) return (one) => one === subject || one.startsWith(`${subject}/`);
  const directory = posix.dirname(subject);
  return (one) => posix.dirname(one) === directory;
}
