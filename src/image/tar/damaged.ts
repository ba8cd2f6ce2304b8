import { GantryError } from "../../lib/diagnostic.ts";

/** The error for bytes that no tar program would write. */
export function damagedTar(problem: string): GantryError {
  return new GantryError("archive-damaged", `not a sound tar archive: ${problem}`, {
    hint: "Make or download the archive again.",
  });
}

/** The error for an archive that stops in the middle. */
export function truncatedTar(): GantryError {
  return new GantryError("archive-truncated", "the archive ends in the middle of an entry", {
    hint: "The download or copy was cut short: make it again.",
  });
}
