import { randomBytes } from "node:crypto";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** Why a directory or file with an owner's name is there: it is being filled, or it is being removed. */
export type OwnedPurpose = "incoming" | "removed";

/**
 * A name for something unfinished that tells whose it is, ".incoming-<pid>-<start time>-<random>": what is left when the
 * owner was killed can be recognised and swept.
 */
export function ownedName(purpose: OwnedPurpose): string {
  const { pid, startTime } = ownIdentity();
  return `.${purpose}-${pid}-${startTime}-${randomBytes(6).toString("hex")}`;
}

/** Whether a name is of that kind and its owner is dead. */
export function isAbandoned(name: string): boolean {
  const owner = ownerIn(name);
  return owner !== undefined && !isAlive(owner);
}

/** Whether a name is of that kind. */
export const isOwnedName = (name: string) => ownerIn(name) !== undefined;

function ownerIn(name: string): ProcessIdentity | undefined {
  const match = /^\.(?:incoming|removed)-(\d+)-(\d+)-[0-9a-f]+$/.exec(name);
  return match ? { pid: Number(match[1]), startTime: Number(match[2]) } : undefined;
}
