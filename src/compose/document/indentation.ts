import type { RelatedPlace } from "../../lib/diagnostic.ts";
import { relatedPlace } from "../report.ts";
import type { Origin } from "./node.ts";
import { lineText, type Source } from "./source.ts";

type Explained = {
  readonly origin: Origin;
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
};

/** How far back to look: a whole large file is not searched for a line's neighbours. */
const farthest = 500;

/** Says by how much the lines around a badly indented one are indented, and what it would belong to. */
export function explainIndent(source: Source, line: number): Explained {
  const own = indentOf(lineText(source, line));
  const origin = lineOrigin(source, line);
  const above = indentsAbove(source, line);
  const deeper = above.findLast(({ indent }) => indent > own);
  const parent = above.find(({ indent }) => indent < own);
  const wanted = [parent, deeper].flatMap((one) => (one ? [one.indent] : []));
  if (wanted.length === 0) return { origin };
  const hint = `it begins after ${own} spaces, the lines above after ${wanted.join(" or ")}: use one of these`;
  if (!parent) return { origin, hint };
  return {
    origin,
    hint,
    related: [relatedPlace("as it is, it would belong to this", lineOrigin(source, parent.line))],
  };
}

/** Lines before one that are indented less than all between, the nearest first. */
function indentsAbove(source: Source, line: number): { line: number; indent: number }[] {
  const found: { line: number; indent: number }[] = [];
  for (let at = line - 1; at > Math.max(0, line - farthest); at--) {
    const text = lineText(source, at);
    if (/^\s*(#|$)/.test(text)) continue;
    const indent = indentOf(text);
    if (indent < (found.at(-1)?.indent ?? Number.POSITIVE_INFINITY)) found.push({ line: at, indent });
    if (indent === 0) break;
  }
  return found.sort((one, other) => other.line - one.line);
}

const indentOf = (text: string) => text.length - text.trimStart().length;

function lineOrigin(source: Source, line: number): Origin {
  const text = lineText(source, line);
  const start = (source.lineStarts[line - 1] ?? 0) + indentOf(text);
  return { source, start, end: start + Math.max(1, text.trim().length) };
}
