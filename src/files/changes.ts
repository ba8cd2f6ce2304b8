import type { BigIntStats } from "node:fs";
import { marksOpaque, readAttributes, type TreeAttributes } from "../image/index.ts";
import { readable } from "../lib/byte-string.ts";
import { helperPath } from "../lib/helper-path.ts";
import type { Roots } from "../lib/paths.ts";
import type { ObservedContainer } from "../project/index.ts";
import { isWhiteout } from "./archive-tree.ts";
import { changedDirectory, withImageTree } from "./container-tree.ts";
import type { HeldDirectory } from "./held-directory.ts";

/** One path that a container has added, changed or deleted. */
export type FileChange = { readonly kind: "A" | "C" | "D"; readonly path: string };

/** What differs between a container's own file system and its image, as `docker diff` tells; volumes are no part of it. */
export async function containerChanges(roots: Roots, container: ObservedContainer): Promise<FileChange[]> {
  using upper = changedDirectory(roots, container);
  const attributes = await readAttributes(helperPath(), upper.path);
  return await withImageTree(roots, container, async (image) => [...compareTrees(upper, image, attributes)]);
}

/**
 * Compares an overlay's upper directory with what is beneath it. A directory counts as changed when something in it
 * is; what the system mounts over is left out, since a place for it was made when the container was.
 */
export function* compareTrees(
  upper: HeldDirectory,
  lower: HeldDirectory,
  attributes: TreeAttributes,
): Generator<FileChange> {
  yield* new Comparison(attributes).below(upper, lower, "");
}

/** Places the runtime makes for its own mounts. */
const OF_THE_SYSTEM = /^(?:proc|sys|dev)(?:\/|$)|^etc\/(?:hosts|hostname|resolv\.conf)$/;

class Comparison {
  readonly #attributes: TreeAttributes;

  constructor(attributes: TreeAttributes) {
    this.#attributes = attributes;
  }

  /** `lower` is what was there by that path; nothing when the directory is new. */
  *below(upper: HeldDirectory, lower: HeldDirectory | undefined, path: string): Generator<FileChange> {
    const replaced = marksOpaque(this.#attributes.get(path) ?? []);
    const names = new Set(upper.names());
    const gone = replaced && lower ? lower.names().filter((name) => !names.has(name)) : [];
    for (const name of [...names, ...gone].sort()) {
      const here = path === "" ? name : `${path}/${name}`;
      if (OF_THE_SYSTEM.test(here)) continue;
      const status = upper.status(name);
      const before = lower?.status(name);
      if (!status || isWhiteout(status)) {
        if (before) yield change("D", here);
      } else yield* this.#entry({ upper, lower, name, path: here, status, before });
    }
  }

  *#entry(found: {
    readonly upper: HeldDirectory;
    readonly lower: HeldDirectory | undefined;
    readonly name: string;
    readonly path: string;
    readonly status: BigIntStats;
    readonly before: BigIntStats | undefined;
  }): Generator<FileChange> {
    const { upper, lower, name, path, status, before } = found;
    const kind = before ? "C" : "A";
    if (!status.isDirectory()) {
      yield change(kind, path);
      return;
    }
    using directory = upper.directory(name);
    using earlier = before?.isDirectory() ? lower?.directory(name) : undefined;
    const inside = this.below(directory, earlier, path);
    const first = inside.next();
    if (first.done && before && isSame(status, before)) return;
    yield change(kind, path);
    if (first.done) return;
    yield first.value;
    yield* inside;
  }
}

const isSame = (one: BigIntStats, other: BigIntStats) =>
  one.mode === other.mode && one.uid === other.uid && one.gid === other.gid && one.mtimeNs === other.mtimeNs;

const change = (kind: FileChange["kind"], path: string): FileChange => ({ kind, path: `/${readable(path)}` });
