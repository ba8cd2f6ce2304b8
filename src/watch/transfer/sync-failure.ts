import { GantryError } from "../../lib/diagnostic.ts";

/** Code of the error when the container ended before the files came: no failure, since it catches up when it runs again. */
export const CONTAINER_GONE = "container-gone";

const HINTS: Readonly<Record<string, string>> = {
  EROFS: "the file system there is read-only: mount a volume or tmpfs at the target, or leave out read_only",
  ENOSPC: "the disk is full",
  EDQUOT: "a quota is used up",
  EBUSY: "something is mounted on that very file: mount the directory instead",
};

/** Explains a status line of `gantry-shim tree` about files on their way into a container. */
export function explainSyncFailure(container: string): (status: string) => GantryError {
  return (status) => {
    const [, op, errno, complaint] = /^failed (\S+) (\S+) \S+ (.*)$/s.exec(status) ?? [];
    if (op === "tree_enter" && (errno === "ESRCH" || errno === "ENOENT")) {
      return new GantryError(CONTAINER_GONE, `${container} has ended`);
    }
    const what = complaint ?? "the helper ended without saying why";
    return new GantryError(
      "sync-failed",
      `${container}: files could not be synchronised: ${what} (${errno ?? "?"})`,
      {
        hint: errno === undefined ? undefined : HINTS[errno],
      },
    );
  };
}
