import type { MapEntry, Node, Origin, Passage, ReplacedBy } from "./node.ts";

/** A copy of a value for a second place, each part of which knows by which way it came there. */
export function passed(node: Node, passage: Passage): Node {
  return copy(node, passage, [passage]);
}

// `alone` is what most parts will hold: one list for all of them.
function copy(node: Node, passage: Passage, alone: readonly Passage[]): Node {
  const origin = further(node.origin, passage, alone);
  if (node.kind === "scalar") return { ...node, origin };
  if (node.kind === "list")
    return { ...node, items: node.items.map((item) => copy(item, passage, alone)), origin };
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    entries.set(key, { key: further(entry.key, passage, alone), node: copy(entry.node, passage, alone) });
  }
  return { ...node, entries, origin };
}

function further(origin: Origin, passage: Passage, alone: readonly Passage[]): Origin {
  const before = origin.through;
  if (before && before.length >= mostPassages) return origin;
  return { ...origin, through: before ? [...before, passage] : alone };
}

/** Anchors within anchors without end would each lengthen the list of every value in them. */
const mostPassages = 10;

/** More than anybody reads; and a list of ten thousand merged maps must not exhaust the call stack. */
const longestHistory = 50;

/** The value that stays, remembering behind what it replaced already the one that loses to it now. */
export function inPlaceOf<Kind extends Node>(winner: Kind, loser: Node, by: ReplacedBy, length = 0): Kind {
  const { replaced } = winner.origin;
  if (length > longestHistory) return winner;
  const next = replaced
    ? { node: inPlaceOf(replaced.node, loser, by, length + 1), by: replaced.by }
    : { node: loser, by };
  return { ...winner, origin: { ...winner.origin, replaced: next } };
}
