import { GantryError } from "../../lib/diagnostic.ts";

/** Turns a full disk or used-up quota into an error for users; other errors stay as they are. */
export function explainDiskError(error: unknown, attempted: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOSPC" || code === "EDQUOT" ? diskFull(attempted, error) : error;
}

/** The error for a disk without room. */
export function diskFull(attempted: string, cause?: unknown): GantryError {
  return new GantryError("disk-full", `the disk is full: ${attempted}`, {
    hint: "Free some space (`gantry image rm` removes images), or choose another root with --root.",
    cause,
  });
}
