import { type Document, visit } from "yaml";
import type { Source } from "./source.ts";

/** A quote or bracket, where it stands and what closes it. */
export type Opening = { readonly start: number; readonly mark: string; readonly closing: string };

const closings: Readonly<Record<string, string>> = { '"': '"', "'": "'", "[": "]", "{": "}" };

/**
 * The innermost quote or bracket whose value ends at an offset without having been closed: the parser complains where
 * it gave up looking, people want to see where it began.
 */
export function openingThatEndsAt(
  document: Document.Parsed,
  source: Source,
  end: number,
): Opening | undefined {
  let found: Opening | undefined;
  const look = (range: readonly number[] | null | undefined) => {
    const [start, valueEnd] = range ?? [];
    if (start === undefined || valueEnd !== end) return;
    const mark = source.text[start]!;
    const closing = closings[mark];
    if (closing && source.text[end - 1] !== closing) found = { start, mark, closing };
  };
  visit(document, {
    Scalar: (_, node) => look(node.range),
    Collection: (_, node) => look(node.range),
  });
  return found;
}
