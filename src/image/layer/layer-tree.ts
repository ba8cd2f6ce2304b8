import type { TarTime } from "../tar/entry.ts";
import { pathParts, unsafeEntry } from "./entry-path.ts";
import { tooManyEntries } from "./limits.ts";

/** What a layer holds at a path so far. */
export type LayerNode =
  | DirectoryNode
  | SymlinkNode
  | { readonly kind: "file" }
  | { readonly kind: "whiteout" };
type SymlinkNode = { readonly kind: "symlink"; readonly target: string };
type DirectoryNode = {
  readonly kind: "directory";
  readonly children: Map<string, LayerNode>;
  /** Time to set when its content is complete; none when the archive does not mention the directory. */
  modified: TarTime | undefined;
};

/** A place to put something: the directory, resolved through links of the layer, and the name in it. */
export type Place = { readonly directory: DirectoryNode; readonly name: string; readonly path: string };

const MOST_LINKS = 40;
/** Room for the root's own path within PATH_MAX, so that whatever is made can also be reached and removed. */
const LONGEST_PATH = 3500;

export const FILE: LayerNode = { kind: "file" };
export const WHITEOUT: LayerNode = { kind: "whiteout" };

/**
 * The shape of the layer that is being unpacked. The helper follows no link; an archive may name a file through one
 * ("lib" → "usr/lib", then "lib/x"), and this finds the place that is meant, never outside. It knows as well which
 * directories need their times set at the end, and whether a whiteout meets an entry of its own layer.
 */
export class LayerTree {
  readonly root: DirectoryNode = newDirectory();
  readonly #mostNodes: number;
  readonly #onRevived: (path: string) => void;
  #nodes = 0;

  /** `onRevived` hears of a whiteout that turns out to be the parent of an entry of the same layer. */
  constructor(mostNodes: number, onRevived: (path: string) => void) {
    this.#mostNodes = mostNodes;
    this.#onRevived = onRevived;
  }

  /** Where an entry belongs; undefined for the root itself. Missing parents are noted as directories. */
  place(name: string): Place | undefined {
    const parts = pathParts(name);
    const last = parts.pop();
    if (last === undefined) return undefined;
    const parent = this.#walk(name, parts);
    const path = [...parent.path, last].join("/");
    if (path.length > LONGEST_PATH) throw unsafeEntry(name.slice(0, 100), "its name is too long");
    return { directory: parent.node, name: last, path };
  }

  /** What is there already. */
  at(place: Place): LayerNode | undefined {
    return place.directory.children.get(place.name);
  }

  /** Notes what is put there; it replaces what was there and all beneath it. */
  put(place: Place, node: LayerNode): void {
    this.#add(place.directory, place.name, node);
  }

  /** Notes a directory; one that is there already keeps its content. */
  putDirectory(place: Place, modified: TarTime): void {
    const known = this.at(place);
    const node = known?.kind === "directory" ? known : newDirectory();
    node.modified = modified;
    if (node !== known) this.put(place, node);
  }

  /** All directories whose times are to be set, with their paths ("" is the root). */
  *directoryTimes(): Generator<{ path: string; modified: TarTime }> {
    const open: { node: DirectoryNode; path: string }[] = [{ node: this.root, path: "" }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.node.modified) yield { path: next.path, modified: next.node.modified };
      for (const [name, child] of next.node.children) {
        if (child.kind !== "directory") continue;
        open.push({ node: child, path: next.path === "" ? name : `${next.path}/${name}` });
      }
    }
  }

  /** Follows directories and links from the root; ".." in a link stops at the root, as after chroot(2). */
  #walk(name: string, parts: readonly string[]): { node: DirectoryNode; path: string[] } {
    const todo = [...parts].reverse();
    const chain: { node: DirectoryNode; part: string }[] = [];
    let links = 0;
    for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
      const here = chain.at(-1)?.node ?? this.root;
      const child = here.children.get(part);
      if (part === "..") chain.pop();
      else if (child?.kind !== "symlink") {
        const path = () => [...chain.map((step) => step.part), part].join("/");
        chain.push({ node: this.#enter(here, part, name, path), part });
      } else {
        if (++links > MOST_LINKS) throw unsafeEntry(name, "it leads through too many symbolic links");
        if (child.target.startsWith("/")) chain.length = 0;
        todo.push(...child.target.split("/").filter(isStep).reverse());
      }
    }
    return { node: chain.at(-1)?.node ?? this.root, path: chain.map((step) => step.part) };
  }

  /** A parent that the archive does not mention is made on the way. */
  #enter(parent: DirectoryNode, part: string, name: string, path: () => string): DirectoryNode {
    const child = parent.children.get(part);
    if (child?.kind === "directory") return child;
    if (child?.kind === "file") throw unsafeEntry(name, "a file is where a directory should be");
    const made = newDirectory();
    this.#add(parent, part, made);
    if (child?.kind === "whiteout") this.#onRevived(path());
    return made;
  }

  #add(parent: DirectoryNode, name: string, node: LayerNode): void {
    parent.children.set(name, node);
    if (++this.#nodes > this.#mostNodes) throw tooManyEntries(this.#mostNodes);
  }
}

const isStep = (part: string) => part !== "" && part !== ".";

function newDirectory(): DirectoryNode {
  return { kind: "directory", children: new Map(), modified: undefined };
}
