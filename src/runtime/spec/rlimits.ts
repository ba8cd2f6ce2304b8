import { GantryError } from "../../lib/diagnostic.ts";
import type { OciRlimit } from "./oci-spec.ts";

/** Resource limits by Docker's name and number (getrlimit(2), the numbers of x86 and arm). */
export const RLIMITS: Readonly<Record<string, number>> = {
  cpu: 0,
  fsize: 1,
  data: 2,
  stack: 3,
  core: 4,
  rss: 5,
  nproc: 6,
  nofile: 7,
  memlock: 8,
  as: 9,
  locks: 10,
  sigpending: 11,
  msgqueue: 12,
  nice: 13,
  rtprio: 14,
  rttime: 15,
};

/** Turns `ulimits` into the specification's rlimits; -1 stays and means unlimited. */
export function buildRlimits(
  ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>,
): OciRlimit[] {
  return Object.entries(ulimits).map(([name, { soft, hard }]) => {
    if (!Object.hasOwn(RLIMITS, name)) {
      throw new GantryError("unknown-ulimit", `unknown ulimit "${name}"`, {
        hint: `known are ${Object.keys(RLIMITS).join(", ")}`,
      });
    }
    if (hard !== -1 && (soft === -1 || soft > hard)) {
      throw new GantryError(
        "bad-ulimit",
        `ulimit ${name}: the soft limit ${soft} is above the hard limit ${hard}`,
      );
    }
    return { type: `RLIMIT_${name.toUpperCase()}`, soft, hard };
  });
}

/** Number of a resource by the specification's name, "RLIMIT_NOFILE". */
export function rlimitNumber(type: string): number {
  return RLIMITS[type.slice("RLIMIT_".length).toLowerCase()]!;
}
