import { readable } from "../../lib/byte-string.ts";
import { GantryError } from "../../lib/diagnostic.ts";

/**
 * The parts of a name within the root: an absolute name starts at the root too, "." and double slashes are dropped, ".."
 * goes up. A name that goes up out of the root is refused.
 */
export function pathParts(name: string): string[] {
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw unsafeEntry(name, "its name leads out of the layer");
  }
  if (name.includes("\0")) throw unsafeEntry(name, "its name holds a NUL");
  return parts;
}

/** The error for an entry that would reach outside, or that nothing safe can be made of. */
export function unsafeEntry(name: string, problem: string): GantryError {
  return new GantryError("archive-unsafe", `archive entry "${readable(name)}": ${problem}`, {
    hint: "Nothing of the archive was kept. Do not trust where it came from, or make it again.",
  });
}
