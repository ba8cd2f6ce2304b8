import type { KeyPath } from "./key-path.ts";
import type { MapEntry, Node, Origin } from "./node.ts";

/** What was found on the way along a path: the node, its key, and how far the path went. */
export type Found = { readonly node: Node; readonly key?: Origin; readonly complete: boolean };

/** Follows a path as far as the document goes. */
export function find(root: Node, path: KeyPath): Found {
  let node = root;
  let key: Origin | undefined;
  for (const segment of path) {
    const entry: MapEntry | undefined = node.kind === "map" ? node.entries.get(String(segment)) : undefined;
    const next: Node | undefined = node.kind === "list" ? node.items[Number(segment)] : entry?.node;
    if (!next) return { node, ...(key && { key }), complete: false };
    node = next;
    key = entry?.key;
  }
  return { node, ...(key && { key }), complete: true };
}

/** A path of strings, such as a JSON pointer gives, with the indexes of lists made numbers. */
export function withIndexes(root: Node, segments: readonly string[]): KeyPath {
  let node: Node | undefined = root;
  return segments.map((segment) => {
    if (node?.kind === "list") {
      node = node.items[Number(segment)];
      return Number(segment);
    }
    node = node?.kind === "map" ? node.entries.get(segment)?.node : undefined;
    return segment;
  });
}
