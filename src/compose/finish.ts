import type { MapNode, Node } from "./document/node.ts";
import { below, type PathTable } from "./document/path-table.ts";
import type { Plain } from "./document/plain.ts";
import { transform } from "./document/transform.ts";
import type { Project } from "./model.ts";
import { finalForms } from "./render/final-forms.ts";
import { keyOrder, sectionOrder } from "./render/key-order.ts";
import { byCodePoint } from "./render/natural-order.ts";

/** The model as it is printed: without what is empty or false by default. */
export function settleModel(model: MapNode): MapNode {
  const settled = transform(model, finalForms, undefined);
  return settled?.kind === "map" ? settled : model;
}

/** The frozen project of a settled model: plain values in their final order. */
export function finishProject({ entries: sections }: MapNode, name: string): Project {
  const document: Record<string, Plain> = { name };
  for (const section of sectionOrder) {
    const node: Node | undefined = sections.get(section)?.node;
    if (section === "name" || node?.kind !== "map") continue;
    if (node.entries.size > 0 || section === "services")
      document[section] = ordered(node, below(keyOrder, section));
  }
  for (const [key, entry] of sections) {
    if (key.startsWith("x-")) document[key] = ordered(entry.node, undefined);
  }
  document["networks"] ??= noneOf;
  document["volumes"] ??= noneOf;
  return Object.freeze(document) as unknown as Project;
}

const noneOf = Object.freeze({});

function ordered(node: Node, order: PathTable<readonly string[]> | undefined): Plain {
  if (node.kind === "scalar") return typeof node.value === "bigint" ? Number(node.value) : node.value;
  if (node.kind === "list")
    return Object.freeze(node.items.map((item, index) => ordered(item, below(order, index))));
  const plain: Record<string, Plain> = {};
  for (const key of orderedKeys(node, order?.value)) {
    // Defined rather than assigned, since "__proto__" is a key like any other.
    const value = ordered(node.entries.get(key)!.node, below(order, key));
    Object.defineProperty(plain, key, { value, enumerable: true });
  }
  return Object.freeze(plain);
}

function orderedKeys(node: MapNode, order: readonly string[] | undefined): string[] {
  const sorted = [...node.entries.keys()].sort(byCodePoint);
  if (!order) return sorted;
  const known = order.filter((key) => node.entries.has(key));
  return [...known, ...sorted.filter((key) => !order.includes(key))];
}
