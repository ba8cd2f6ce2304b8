import { GantryError } from "../../lib/diagnostic.ts";
import { pathPattern } from "../context/ignore.ts";
import { bytesOf, partsOf, resolveWithin, statAt, textOf } from "./byte-path.ts";
import { join, namesIn, type SourceTree } from "./source-tree.ts";

/** A source that a COPY or ADD has named. */
export type Selected = {
  /** Byte string relative to the tree's root, links resolved. */
  readonly path: string;
  /** Its last name as it was asked for, before links were resolved; "" for the root. */
  readonly name: string;
  /** With --parents: the part of the path that is made again at the destination. */
  readonly parents: string;
  readonly isDirectory: boolean;
};

/** What a source names in a tree, in order. A name without wildcards must exist; one with them may match nothing. */
export function selectSources(tree: SourceTree, written: string): Selected[] {
  const pivot = written.indexOf("/./");
  const kept = pivot < 0 ? 0 : partsOf(bytesOf(written.slice(0, pivot))).length;
  const parts = partsOf(bytesOf(written));
  const found = isPattern(written) ? matching(tree, "", parts) : [parts.join("/")];
  const selected = found.flatMap((path) => select(tree, path, kept) ?? []);
  if (selected.length === 0 && !isPattern(written)) throw notFound(tree, written, parts.join("/"));
  return selected;
}

const isPattern = (written: string) => /[*?[\\]/.test(written);

function select(tree: SourceTree, asked: string, kept: number): Selected | undefined {
  const path = resolveWithin(tree.root, asked, true);
  const stats = statAt(tree.root, path);
  if (!stats) return undefined;
  const ignored = path !== "" && tree.ignore.ignores(textOf(path));
  if (ignored && !(stats.isDirectory() && tree.ignore.hasExceptions)) return undefined;
  const parts = asked.split("/");
  return {
    path,
    name: parts.at(-1) ?? "",
    parents: parts.slice(kept).slice(0, -1).join("/"),
    isDirectory: stats.isDirectory(),
  };
}

/** Paths that match a pattern, component by component; ** is any number of directories. */
function matching(tree: SourceTree, parent: string, [part, ...rest]: readonly string[]): string[] {
  if (part === undefined) return [parent];
  if (!statAt(tree.root, parent)?.isDirectory()) return [];
  if (part === "**") {
    const below = namesIn(tree, parent).map((name) => join(parent, name));
    const deeper = below.flatMap((path) => matching(tree, path, [part, ...rest]));
    return [...new Set([...matching(tree, parent, rest.length > 0 ? rest : ["*"]), ...deeper])];
  }
  const pattern = pathPattern(textOf(part));
  const names = namesIn(tree, parent).filter((name) => pattern.test(textOf(name)));
  return names.flatMap((name) => matching(tree, join(parent, name), rest));
}

function notFound(tree: SourceTree, written: string, path: string): GantryError {
  if (statAt(tree.root, resolveWithin(tree.root, path, true)) !== undefined) {
    return new GantryError(
      "build-source-missing",
      `"${written}" is left out of ${tree.name} by .dockerignore`,
      {
        hint: "Add a line with ! and its path to .dockerignore.",
      },
    );
  }
  return new GantryError("build-source-missing", `"${written}" is not in ${tree.name}`, {
    hint: tree.keepOwners ? undefined : "Paths count from the root of the build context.",
  });
}
