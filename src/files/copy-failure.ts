import { GantryError } from "../lib/diagnostic.ts";

const HINTS: Readonly<Record<string, string>> = {
  EROFS: "The file system there is read-only: copy into a volume or tmpfs, or leave out read_only.",
  ENOSPC: "The disk is full.",
  EDQUOT: "A quota is used up.",
  EBUSY: "Something is mounted on that very file: copy what is mounted there on the host.",
  ELOOP: "A symbolic link is in the way, and none is followed: copy to where it leads.",
  EACCES: "The files belong to somebody else.",
  EPERM: "The owner cannot be set: leave out --archive.",
  EINVAL: "The owner is none of this user's ids: leave out --archive.",
};

/** Explains a status line of `gantry-shim tree` about files on their way to `where`. */
export function explainCopyFailure(where: string): (status: string) => GantryError {
  return (status) => {
    const [, errno, complaint] = /^failed \S+ (\S+) \S+ (.*)$/s.exec(status) ?? [];
    const what = complaint ?? "the helper ended without saying why";
    return new GantryError("copy-failed", `copying to ${where} failed: ${what} (${errno ?? "?"})`, {
      hint: errno === undefined ? undefined : HINTS[errno],
    });
  };
}
