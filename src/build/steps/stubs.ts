import { lstatSync, readdirSync, rmdirSync, rmSync, type Stats } from "node:fs";
import { join } from "node:path";
import type { TreeAttributes } from "../../image/index.ts";

/**
 * Takes away what mounting has left in a step's upper directory: mount points that the layers beneath do not have, and
 * that are still empty, and directories that were only copied up for them.
 */
export function removeStubs(
  upper: string,
  lower: readonly string[],
  targets: readonly string[],
  attributes: TreeAttributes,
): void {
  const deepestFirst = [...targets].sort((one, other) => other.length - one.length);
  for (const target of deepestFirst) {
    const parts = target.split("/").filter((part) => part !== "");
    for (let depth = parts.length; depth > 0; depth--) {
      if (!removeStub(upper, lower, parts.slice(0, depth).join("/"), attributes)) break;
    }
  }
}

function removeStub(
  upper: string,
  lower: readonly string[],
  path: string,
  attributes: TreeAttributes,
): boolean {
  const stats = statOf(join(upper, path));
  if (!stats) return true;
  const beneath = findBeneath(lower, path);
  if (stats.isFile() && stats.size === 0 && !beneath) {
    rmSync(join(upper, path));
    return true;
  }
  if (!stats.isDirectory() || readdirSync(join(upper, path)).length > 0) return false;
  const marks = attributes.get(path) ?? [];
  const isChanged =
    beneath && (!isSame(stats, beneath) || marks.some(({ name }) => name.endsWith(".opaque")));
  if (isChanged) return false;
  rmdirSync(join(upper, path));
  return true;
}

const isSame = (one: Stats, other: Stats) =>
  other.isDirectory() && one.mode === other.mode && one.uid === other.uid && one.gid === other.gid;

/** What the layers show at a path; a directory marked opaque is not known as such here, which keeps a stub at worst. */
function findBeneath(lower: readonly string[], path: string): Stats | undefined {
  for (const layer of lower) {
    const parts = path.split("/");
    for (let depth = 1; depth <= parts.length; depth++) {
      const stats = statOf(join(layer, ...parts.slice(0, depth)));
      if (!stats) break;
      if (stats.isCharacterDevice() && stats.rdev === 0) return undefined;
      if (depth === parts.length) return stats;
    }
  }
  return undefined;
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
