import type { KeyPath } from "../document/key-path.ts";
import type { Node } from "../document/node.ts";
import { below, type PathTable } from "../document/path-table.ts";
import type { Rule, RuleContext } from "./context.ts";
import { rules } from "./table.ts";

/** Checks a model against every rule; parts in which the schema already found faults are left alone. */
export function checkRules(context: RuleContext, damaged: ReadonlySet<string>): void {
  walk(context.model, rules, [], context, damaged);
}

function walk(
  node: Node,
  table: PathTable<readonly Rule[]> | undefined,
  path: KeyPath,
  context: RuleContext,
  damaged: ReadonlySet<string>,
): void {
  if (!table || (path.length === 2 && damaged.has(path.join(".")))) return;
  for (const rule of table.value ?? []) rule(node, path, context);
  if (node.kind === "scalar") return;
  if (node.kind === "list") {
    node.items.forEach((item, index) => walk(item, below(table, index), [...path, index], context, damaged));
    return;
  }
  for (const [key, entry] of node.entries)
    walk(entry.node, below(table, key), [...path, key], context, damaged);
}
