import { GantryError } from "../../lib/diagnostic.ts";
import { USAGE_EXIT_CODE } from "../exit-codes.ts";

/** A piece of a template: text as it stands, or the words of what is between {{ and }}. */
export type Piece = { readonly text: string } | { readonly words: readonly string[] };

const WORD = /\s*("(?:[^"\\]|\\.)*"|`[^`]*`|:=|[|(),]|-?\d+(?:\.\d+)?|\$?[A-Za-z_]\w*|[$.][\w.]*|[$.])/y;

/** Cuts a template into its pieces. `{{-` and `-}}` take the white space beside them away. */
export function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = [];
  let rest = template;
  for (;;) {
    const start = rest.indexOf("{{");
    if (start < 0) break;
    const end = rest.indexOf("}}", start);
    if (end < 0) throw malformed(template, "{{ is not closed by }}");
    const inner = rest.slice(start + 2, end);
    const before = rest.slice(0, start);
    pieces.push({ text: /^-\s/.test(inner) ? before.trimEnd() : before });
    const action = inner.replace(/^-\s|\s-$/g, "").trim();
    if (!/^\/\*.*\*\/$/s.test(action)) pieces.push({ words: wordsOf(template, action) });
    rest = rest.slice(end + 2);
    if (/\s-$/.test(inner)) rest = rest.trimStart();
  }
  pieces.push({ text: rest });
  return pieces.filter((piece) => !("text" in piece) || piece.text !== "");
}

function wordsOf(template: string, action: string): string[] {
  const words: string[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < action.length) {
    const from = WORD.lastIndex;
    const match = WORD.exec(action);
    if (!match) throw malformed(template, `cannot be understood: ${action.slice(from).trim()}`);
    words.push(match[1]!);
  }
  if (words.length === 0) throw malformed(template, "{{}} has nothing between");
  return words;
}

/** A template that is not one. */
export const malformed = (template: string, problem: string): GantryError =>
  new GantryError("usage", `--format ${template}: ${problem}`, {
    hint: "Give table, json, or a template such as '{{.Name}}\\t{{.Status}}'.",
    exitCode: USAGE_EXIT_CODE,
  });
