import type { KeyPath } from "../document/key-path.ts";
import type { MapEntry, Node } from "../document/node.ts";

type Doomed = { readonly children: Map<string | number, Doomed>; whole: boolean };

/** A document without the values at the given paths. The document itself stays, if only as an empty map. */
export function prune(node: Node, paths: readonly KeyPath[]): Node {
  const root: Doomed = { children: new Map(), whole: false };
  for (const path of paths) mark(root, path);
  return without(node, root) ?? { kind: "map", entries: new Map(), origin: node.origin };
}

function mark(root: Doomed, path: KeyPath): void {
  let at = root;
  for (const segment of path) {
    const next = at.children.get(segment) ?? { children: new Map(), whole: false };
    at.children.set(segment, next);
    at = next;
  }
  at.whole = true;
}

function without(node: Node, doomed: Doomed): Node | undefined {
  if (doomed.whole) return undefined;
  if (node.kind === "scalar") return node;
  const inner = (child: Node, segment: string | number) => {
    const below = doomed.children.get(segment);
    return below ? without(child, below) : child;
  };
  if (node.kind === "list") {
    return { ...node, items: node.items.flatMap((item, index) => inner(item, index) ?? []) };
  }
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    const kept = inner(entry.node, key);
    if (kept) entries.set(key, { key: entry.key, node: kept });
  }
  return { ...node, entries };
}
