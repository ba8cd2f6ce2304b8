export type SplitWords =
  /** `rest` begins at the first shell operator, which no program would understand as a word. */
  { readonly words: readonly string[]; readonly rest?: string } | { readonly message: string };

type Piece = "blank" | "quoted" | "verbatim" | "escaped" | "operator" | "bracket" | "unclosed" | "plain";

/** The pieces a command line is made of; the first that fits counts. `$(…)` and backquotes are left to the program. */
const pieces: readonly (readonly [Piece, RegExp])[] = [
  ["blank", /\s+/y],
  ["quoted", /'[^']*'|"(?:[^"\\]|\\[\s\S])*"/y],
  ["verbatim", /`[^`]*`|\$\([^)]*\)/y],
  ["escaped", /\\[\s\S]/y],
  ["operator", /[;&|<>]/y],
  ["bracket", /[()]/y],
  ["unclosed", /['"`]/y],
  ["plain", /[^\s'"`\\$();&|<>]+|[\s\S]/y],
];

type Token = { readonly piece: Piece; readonly text: string; readonly at: number };

/** Splits a command line into words: quotes, escapes, no expansion. An operator of a shell ends it. */
export function splitWords(line: string): SplitWords {
  const tokens = readTokens(line);
  const end = tokens.findIndex(({ piece }) => piece === "operator");
  const used = end === -1 ? tokens : tokens.slice(0, end);
  const wrong = used.find(({ piece }) => piece === "bracket" || piece === "unclosed");
  if (wrong?.piece === "bracket") return { message: `the command has a ${wrong.text} outside quotes` };
  if (wrong) return { message: `the command has a quote ${wrong.text} that is not closed` };
  const words = joinWords(used);
  if (end === -1) return { words };
  const { text, at } = tokens[end]!;
  // In 2>file the digit belongs to the operator.
  const isDescriptor =
    /[<>]/.test(text) && used.at(-1)?.piece === "plain" && /^\d+$/.test(words.at(-1) ?? "");
  return { words: isDescriptor ? words.slice(0, -1) : words, rest: line.slice(at).trim() };
}

function readTokens(line: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; at += tokens.at(-1)!.text.length) tokens.push(readToken(line, at));
  return tokens;
}

function readToken(line: string, at: number): Token {
  for (const [piece, pattern] of pieces) {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match) return { piece, text: match[0], at };
  }
  throw new RangeError(`nothing to read at ${at}`);
}

function joinWords(tokens: readonly Token[]): string[] {
  const words: string[] = [];
  let isInside = false;
  for (const { piece, text } of tokens) {
    if (piece !== "blank") {
      if (isInside) words.push(words.pop() + contentOf(piece, text));
      else words.push(contentOf(piece, text));
    }
    isInside = piece !== "blank";
  }
  return words;
}

function contentOf(piece: Piece, text: string): string {
  if (piece === "escaped") return text.slice(1);
  if (piece !== "quoted") return text;
  const inner = text.slice(1, -1);
  return text.startsWith("'") ? inner : inner.replace(/\\([\s\S])/g, "$1");
}
