import { createHash } from "node:crypto";
import { IgnoreRules } from "../context/ignore.ts";
import { textOf } from "./byte-path.ts";
import { digestEntry } from "./digest-tree.ts";
import type { Selected } from "./select.ts";
import { type SourceTree, type TreeEntry, walkTree } from "./source-tree.ts";

/** A selected source with everything in it. */
export type Gathered = {
  readonly tree: SourceTree;
  readonly selected: Selected;
  readonly entries: readonly (TreeEntry & {
    /** Byte string relative to the selected source; "" is itself. */
    readonly relative: string;
  })[];
};

/** Everything a source names, without what --exclude leaves out. */
export function gather(tree: SourceTree, selected: Selected, exclude: readonly string[]): Gathered {
  const rules = new IgnoreRules(exclude);
  const entries = [...walkTree(tree, selected.path)]
    .map((entry) => ({ ...entry, relative: entry.path.slice(selected.path.length).replace(/^\//, "") }))
    .filter(({ relative }) => {
      const name = relative === "" && !selected.isDirectory ? selected.name : relative;
      return name === "" || rules.isEmpty || !rules.ignores(textOf(name));
    });
  return { tree, selected, entries };
}

/** What decides about the layer of a transfer: names, modes, owners and contents. */
export function digestGathered(gathered: readonly Gathered[]): string {
  const hash = createHash("sha256");
  for (const { tree, selected, entries } of gathered) {
    hash.update(`\x01${selected.isDirectory ? "" : selected.name}\0${selected.parents}\0`, "latin1");
    for (const entry of entries) digestEntry(hash, tree, entry, entry.relative);
  }
  return hash.digest("hex");
}
