import type { KeyPath } from "./key-path.ts";
import type { MapEntry, Node } from "./node.ts";
import { below, type PathTable } from "./path-table.ts";

/** What a row of a table does with the node at its path; undefined removes the node. */
export type Transform<Context> = (node: Node, path: KeyPath, context: Context) => Node | undefined;

/** Applies a table to a document, children before their parents, and returns the new document. */
export function transform<Context>(
  node: Node,
  table: PathTable<Transform<Context>> | undefined,
  context: Context,
  path: KeyPath = [],
): Node | undefined {
  // What is to be reset has no value worth looking at.
  if (!table || node.tag === "reset") return node;
  const inner = transformChildren(node, table, context, path);
  const result = table.value ? table.value(inner, path, context) : inner;
  return result && node.tag && !result.tag ? { ...result, tag: node.tag } : result;
}

function transformChildren<Context>(
  node: Node,
  table: PathTable<Transform<Context>>,
  context: Context,
  path: KeyPath,
): Node {
  if (node.kind === "scalar" || (table.children.size === 0 && !table.any)) return node;
  if (node.kind === "list") {
    const items = node.items.flatMap((item, index) => {
      const changed = transform(item, below(table, index), context, [...path, index]);
      return changed ? [changed] : [];
    });
    return { ...node, items };
  }
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    const rows = below(table, key);
    const changed = rows ? transform(entry.node, rows, context, [...path, key]) : entry.node;
    if (changed) entries.set(key, changed === entry.node ? entry : { key: entry.key, node: changed });
  }
  return { ...node, entries };
}
