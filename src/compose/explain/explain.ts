import type { Position } from "../../lib/diagnostic.ts";
import { find } from "../document/find.ts";
import { formatPath, type KeyPath } from "../document/key-path.ts";
import type { Node } from "../document/node.ts";
import { toPlain } from "../document/plain.ts";
import { candidate, losersOf, positionOf } from "./candidate.ts";
import type { Candidate, Explanation } from "./explanation.ts";

/** Says where the value at a path of a finished model came from, and what it replaced. */
export function explain(model: Node, path: KeyPath): Explanation {
  const { node, complete } = find(model, path);
  const above = losersFromAbove(model, path);
  const written = formatPath(path);
  if (complete) {
    const history = [candidate(node), ...losersOf(node), ...above] as const;
    return { kind: "value", path: written, keys: path, value: toPlain(node), history };
  }
  const [first, ...rest] = [...removedAt(model, path), ...above];
  if (first)
    return {
      kind: "removed",
      path: written,
      keys: path,
      ...resetPlace(model, path),
      history: [first, ...rest],
    };
  return unknown(model, path);
}

/** What stood at the path in mappings and lists that were replaced as a whole, the innermost first. */
function losersFromAbove(model: Node, path: KeyPath): Candidate[] {
  const losers: Candidate[] = [];
  let node: Node | undefined = model;
  path.forEach((segment, index) => {
    const rest = path.slice(index);
    const here: Candidate[] = [];
    for (let replaced = node?.origin.replaced; replaced; { replaced } = replaced.node.origin) {
      const found = find(replaced.node, rest);
      if (found.complete) here.push({ ...candidate(found.node), replacedBy: replaced.by });
    }
    losers.unshift(...here);
    node = child(node, segment);
  });
  return losers;
}

const removal = (model: Node, path: KeyPath) => {
  let node: Node | undefined = model;
  for (const [index, segment] of path.entries()) {
    const removed = node?.kind === "map" ? node.removed?.get(String(segment)) : undefined;
    const next = child(node, segment);
    if (!next) return removed && { ...removed, rest: path.slice(index + 1) };
    node = next;
  }
  return undefined;
};

function removedAt(model: Node, path: KeyPath): Candidate[] {
  const removed = removal(model, path);
  const found = removed && find(removed.node, removed.rest);
  if (!found?.complete) return [];
  return [{ ...candidate(found.node), replacedBy: "reset" }, ...losersOf(found.node)];
}

function resetPlace(model: Node, path: KeyPath): { readonly at?: Position } {
  const removed = removal(model, path);
  return removed ? { at: positionOf(removed.at) } : {};
}

function unknown(model: Node, path: KeyPath): Explanation {
  let node = model;
  let depth = 0;
  for (let next = child(node, path[0]!); next; next = child(node, path[depth]!)) {
    node = next;
    depth++;
  }
  const keys =
    node.kind === "map"
      ? [...node.entries.keys()]
      : node.kind === "list"
        ? node.items.map((_, index) => `[${index}]`)
        : [];
  const within = formatPath(path.slice(0, depth));
  return { kind: "unknown", path: formatPath(path), within, missing: String(path[depth] ?? ""), keys };
}

function child(node: Node | undefined, segment: string | number): Node | undefined {
  if (node?.kind === "list") return node.items[Number(segment)];
  return node?.kind === "map" ? node.entries.get(String(segment))?.node : undefined;
}
