import { GantryError } from "../../lib/diagnostic.ts";
import { userNamespace } from "../../lib/user-namespace.ts";
import { diskFull } from "../content/disk-full.ts";

/**
 * The error for a status line of `gantry-shim tree`: "failed <op> <errno name> <errno number> <subject>: <text>". What
 * an archive can cause is told apart from what the disk can cause.
 */
export function explainTreeFailure(status: string, signal: string | null): GantryError {
  const [, op, errno, complaint] = /^failed (\S+) (\S+) \S+ (.*)$/s.exec(status) ?? [];
  if (op === undefined) return vanished(status, signal);
  if (errno === "ENOSPC" || errno === "EDQUOT") {
    return diskFull(`unpacking ${complaint}`);
  }
  const reason = REASONS[errno!];
  if (reason !== undefined) {
    return new GantryError(
      "archive-unsafe",
      `the archive cannot be unpacked safely: ${complaint} (${reason})`,
      {
        hint: "Nothing of it was kept. Do not trust where it came from, or make it again.",
      },
    );
  }
  if (errno === "EINVAL" && !userNamespace().isInitial) {
    return new GantryError("owner-unmapped", `unpacking ${complaint}: its owner is none of this user's ids`, {
      hint: "give the user a (larger) range in /etc/subuid and /etc/subgid; `gantry doctor` says how",
    });
  }
  return new GantryError("layer-failed", `unpacking failed: ${op} ${complaint} (${errno})`);
}

/** Refusals that only what is in an archive can lead to. */
const REASONS: Readonly<Record<string, string>> = {
  ELOOP: "a symbolic link is in the way",
  EXDEV: "it leads out of the layer",
  ENOTDIR: "a file is where a directory should be",
  ENOENT: "it names something that is not there",
  ENAMETOOLONG: "the name is too long",
  EMLINK: "there are too many links",
  EISDIR: "a directory is in the way",
};

function vanished(status: string, signal: string | null): GantryError {
  const how = signal === null ? "without saying why" : `by ${signal}`;
  return new GantryError("layer-failed", `the helper that unpacks layers ended ${how}`, {
    details: status === "" ? [] : [status],
  });
}
