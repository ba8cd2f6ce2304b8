import type { KeyPath } from "../document/key-path.ts";
import type { MapEntry, MapNode, Node, ReplacedBy } from "../document/node.ts";
import { inPlaceOf } from "../document/passage.ts";
import { below, type PathTable } from "../document/path-table.ts";
import { type Report, relatedPlace } from "../report.ts";
import { type MergeRule, mergeRules } from "./rules.ts";

/**
 * Lays one document over another: maps are joined, lists are put one after the other, other values are replaced.
 * Exceptions are in rules.ts; `!reset` removes and `!override` replaces what was below.
 */
export function merge(
  base: Node,
  over: Node,
  report: Report,
  path: KeyPath = [],
  by: ReplacedBy = "later-file",
): Node {
  const table = path.reduce<PathTable<MergeRule> | undefined>(
    (at, segment) => below(at, segment),
    mergeRules,
  );
  return (
    mergeAt(base, over, table, { report, by }, path) ?? {
      kind: "map",
      entries: new Map(),
      origin: over.origin,
    }
  );
}

type Context = { readonly report: Report; readonly by: ReplacedBy };

function mergeAt(
  base: Node,
  over: Node,
  table: PathTable<MergeRule> | undefined,
  context: Context,
  path: KeyPath,
): Node | undefined {
  if (over.tag === "reset") return undefined;
  if (over.tag === "override") return inPlaceOf(over, base, "override-tag");
  if (table?.value) {
    const merged = table.value(base, over, (one, other) => mergeKinds(one, other, table, context, path));
    return merged === over ? inPlaceOf(over, base, context.by) : merged;
  }
  return mergeKinds(base, over, table, context, path);
}

function mergeKinds(
  base: Node,
  over: Node,
  table: PathTable<MergeRule> | undefined,
  context: Context,
  path: KeyPath,
): Node {
  // A key that is there but empty says nothing.
  if (over.kind === "scalar" && over.value === null) return base;
  if (base.kind === "scalar" && (over.kind === "scalar" || base.value === null)) {
    return inPlaceOf(over, base, context.by);
  }
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over, table, context, path);
  if (base.kind === "list" && over.kind === "list") return { ...over, items: [...base.items, ...over.items] };
  context.report.error({
    code: "conflict",
    message: `a ${over.kind} cannot be merged into a ${base.kind}`,
    origin: over.origin,
    path,
    hint: "write both the same way, or tag this one !override",
    related: [relatedPlace("the other definition", base.origin)],
  });
  return over;
}

function mergeMaps(
  base: MapNode,
  over: MapNode,
  table: PathTable<MergeRule> | undefined,
  context: Context,
  path: KeyPath,
): Node {
  const entries = new Map<string, MapEntry>(base.entries);
  const removed = new Map([...(base.removed ?? []), ...(over.removed ?? [])]);
  for (const [key, entry] of over.entries) {
    const existing = base.entries.get(key);
    if (!existing) {
      entries.set(key, entry);
      continue;
    }
    const merged = mergeAt(existing.node, entry.node, below(table, key), context, [...path, key]);
    if (merged) entries.set(key, { key: merged === existing.node ? existing.key : entry.key, node: merged });
    else {
      entries.delete(key);
      removed.set(key, { node: existing.node, at: entry.node.origin });
    }
  }
  return { ...base, entries, ...(removed.size > 0 && { removed }) };
}
