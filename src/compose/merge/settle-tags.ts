import type { MapEntry, Node } from "../document/node.ts";

/** After the last merge: what is still tagged !reset had nothing below it and goes; !override has done its work. */
export function settleTags(node: Node): Node {
  const untagged = node.tag ? { ...node, tag: undefined } : node;
  if (untagged.kind === "scalar") return untagged;
  if (untagged.kind === "list") {
    return { ...untagged, items: untagged.items.filter((item) => item.tag !== "reset").map(settleTags) };
  }
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of untagged.entries) {
    if (entry.node.tag !== "reset") entries.set(key, { key: entry.key, node: settleTags(entry.node) });
  }
  return { ...untagged, entries };
}
