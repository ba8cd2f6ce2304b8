import type { KeyPath } from "../document/key-path.ts";
import type { Node } from "../document/node.ts";
import { below, type PathTable } from "../document/path-table.ts";
import type { Rule, RuleContext } from "./context.ts";
import { rules } from "./table.ts";

/** Checks a model against every rule. */
export function checkRules(context: RuleContext): void {
  walk(context.model, rules, [], context);
}

function walk(
  node: Node,
  table: PathTable<readonly Rule[]> | undefined,
  path: KeyPath,
  context: RuleContext,
): void {
  if (!table) return;
  for (const rule of table.value ?? []) rule(node, path, context);
  if (node.kind === "scalar") return;
  const children: Iterable<[string | number, Node]> =
    node.kind === "list" ? node.items.entries() : [...node.entries].map(([key, entry]) => [key, entry.node]);
  for (const [key, child] of children) walk(child, below(table, key), [...path, key], context);
}
