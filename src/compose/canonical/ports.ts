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
  const parsed = parsePort(written);
  if ("message" in parsed) {
    refuse(item, path, context, parsed);
    return [];
  }
  return parsed.ports.map((port) => mapAt(port, item.origin));
}
