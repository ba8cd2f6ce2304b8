import type { KeyPath } from "../document/key-path.ts";
import { get, type Node } from "../document/node.ts";

/**
 * A path as people write it, services.web.ports[0], as the keys and indexes it means in a model. Keys with dots may be
 * quoted, and need not be where the model has such a key; list indexes may be written [0] or .0.
 */
export function parsePath(written: string, model: Node): KeyPath {
  const words = wordsOf(written);
  const path: (string | number)[] = [];
  let node: Node | undefined = model;
  for (let at = 0; at < words.length; ) {
    const used: number = node?.kind === "map" ? longestKey(node, words.slice(at)) : 1;
    const word = words.slice(at, at + used).join(".");
    const segment: string | number = node?.kind === "list" && /^\d+$/.test(word) ? Number(word) : word;
    path.push(segment);
    node = node?.kind === "list" ? node.items[Number(segment)] : get(node, word);
    at += used;
  }
  return path;
}

/** How many words make the longest key of the map; labels such as com.example.team have dots. */
function longestKey(node: Node, words: readonly string[]): number {
  for (let count = Math.min(words.length, 20); count > 1; count--) {
    if (get(node, words.slice(0, count).join("."))) return count;
  }
  return 1;
}

function wordsOf(written: string): string[] {
  const words: string[] = [];
  for (const [, quoted, index, word] of written.matchAll(/"((?:[^"\\]|\\.)*)"|\[(\d+)\]|([^.[\]"]+)/g)) {
    words.push(quoted?.replace(/\\(.)/g, "$1") ?? index ?? word ?? "");
  }
  return words;
}
