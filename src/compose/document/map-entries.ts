import type { MapEntry, MapNode, Node } from "./node.ts";

/** A map with every value changed; undefined for what is no map. */
export function mapEntries(
  node: Node | undefined,
  change: (value: Node, key: string) => Node | undefined,
): MapNode | undefined {
  if (node?.kind !== "map") return undefined;
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    const changed = change(entry.node, key);
    if (changed) entries.set(key, { key: entry.key, node: changed });
  }
  return { ...node, entries };
}
