import type { Node, ScalarValue } from "./node.ts";

/** A value without origins. */
export type Plain = Exclude<ScalarValue, bigint> | readonly Plain[] | { readonly [key: string]: Plain };

/** Strips the origins; values tagged !reset are left out. */
export function toPlain(node: Node): Plain {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "bigint" ? Number(node.value) : node.value;
    case "list":
      return node.items.filter((item) => item.tag !== "reset").map(toPlain);
    case "map": {
      // Without a prototype, so that a key such as "__proto__" is an ordinary key.
      const plain: Record<string, Plain> = Object.create(null);
      for (const [key, entry] of node.entries)
        if (entry.node.tag !== "reset") plain[key] = toPlain(entry.node);
      return plain;
    }
  }
}
