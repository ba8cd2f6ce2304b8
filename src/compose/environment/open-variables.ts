import { type MapEntry, type Node, type Origin, scalar } from "../document/node.ts";
import { sourcesOf, type Variables } from "./variables.ts";

/**
 * Names without a value take it from outside. `unset` says what becomes of those that are unset there: they stay, as
 * null, or they go.
 */
export function resolveOpenVariables<Given extends Node | undefined>(
  node: Given,
  variables: Variables,
  unset: "keep" | "drop",
): Given {
  if (node?.kind !== "map") return node;
  const entries = new Map<string, MapEntry>();
  for (const [name, entry] of node.entries) {
    const isOpen = entry.node.kind === "scalar" && entry.node.value === null;
    const value = variables.get(name);
    if (!isOpen) entries.set(name, entry);
    else if (value !== undefined)
      entries.set(name, { key: entry.key, node: scalar(value, fromOutside(entry.node, name, variables)) });
    else if (unset === "keep") entries.set(name, entry);
  }
  return { ...node, entries };
}

const fromOutside = ({ origin }: Node, name: string, variables: Variables): Origin => ({
  ...origin,
  variables: [{ name, use: "value", sources: sourcesOf(variables, name) }],
});
