import type { Report } from "../report.ts";
import type { MapEntry, Node } from "./node.ts";
import { inPlaceOf } from "./passage.ts";

/** Applies a YAML merge key (`<<: *defaults` or a list of those): keys already there win, earlier maps before later. */
export function mergeEntries(entries: Map<string, MapEntry>, merged: Node, report: Report): void {
  const maps = merged.kind === "list" ? merged.items : [merged];
  for (const node of maps) {
    if (node.kind !== "map") {
      report.error({
        code: "wrong-type",
        message: "the merge key << takes a mapping, or a list of mappings",
        origin: node.origin,
        hint: "write <<: *name, where &name marks a mapping",
      });
      continue;
    }
    for (const [key, entry] of node.entries) {
      const winner = entries.get(key);
      entries.set(key, winner ? { ...winner, node: inPlaceOf(winner.node, entry.node, "merge-key") } : entry);
    }
  }
}
