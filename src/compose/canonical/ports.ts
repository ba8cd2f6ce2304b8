import { list, mapAt, type Node, type ScalarNode } from "../document/node.ts";
import { scalarText } from "../document/scalar-text.ts";
import { type CanonicalContext, type CanonicalTransform, hasVariable, refuse } from "./context.ts";
import { parsePort } from "./parse-port.ts";

/** The short forms of ports, ranges spread out, as maps. */
export const toPorts: CanonicalTransform = (node, path, context) => {
  if (node.kind !== "list") return node;
  const items = node.items.flatMap((item, index) =>
    item.kind === "scalar" && item.tag !== "reset" ? expandPort(item, [...path, index], context) : [item],
  );
  return list(items, node.origin);
};

function expandPort(item: ScalarNode, path: readonly (string | number)[], context: CanonicalContext): Node[] {
  const written = scalarText(item);
  if (hasVariable(written, context)) return [item];
  // Reported once; a thousand more such ranges need not be spread out to be refused.
  if (context.budget.ports < 0) return [];
  const parsed = parsePort(written);
  if ("message" in parsed) {
    refuse(item, path, context, parsed);
    return [];
  }
  context.budget.ports -= parsed.ports.length;
  if (context.budget.ports < 0) {
    const message = "with this range there are more ports than can be published";
    refuse(item, path, context, { message, hint: "use smaller ranges, or network_mode: host" });
    return [];
  }
  return parsed.ports.map((port) => mapAt(port, item.origin));
}
