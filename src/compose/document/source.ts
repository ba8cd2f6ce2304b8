import type { Position } from "../../lib/diagnostic.ts";

/** The text of one file, kept so that every value can say where it stands. */
export type Source = { readonly file: string; readonly text: string; readonly lineStarts: readonly number[] };

/** Keeps a text together with the offsets at which its lines begin. */
export function createSource(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** Line and column, from 1, of an offset in the text. */
export function positionAt(source: Source, offset: number): Position {
  const line = lineIndexAt(source, offset);
  return { file: source.file, line: line + 1, column: offset - source.lineStarts[line]! + 1 };
}

/** The text of a line, counted from 1, without its line break. */
export function lineText(source: Source, line: number): string {
  const end = source.lineStarts[line] ?? source.text.length + 1;
  return source.text.slice(source.lineStarts[line - 1] ?? 0, end - 1).replace(/\r$/, "");
}

function lineIndexAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
