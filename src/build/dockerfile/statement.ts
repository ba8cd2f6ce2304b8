import type { LogicalLine } from "./logical-lines.ts";
import { SyntaxFault } from "./source.ts";

/** A flag of an instruction: --name or --name=value. */
export type Flag = {
  readonly name: string;
  readonly value?: string;
  readonly offset: number;
  readonly length: number;
};

/** An instruction taken apart, before its kind decides what the rest means. */
export type Statement = {
  readonly line: LogicalLine;
  /** In lower case. */
  readonly name: string;
  readonly written: string;
  readonly flags: readonly Flag[];
  /** What follows the flags. */
  readonly rest: string;
  /** Where `rest` begins in the line's text. */
  readonly restOffset: number;
  readonly escapeToken: string;
};

/** Takes one logical line apart: name, flags, rest. */
export function readStatement(line: LogicalLine, escapeToken: string): Statement {
  const [, written = "", space = ""] = /^(\S+)(\s*)/.exec(line.text)!;
  const text = line.text.trimEnd();
  const { flags, offset } = readFlags(text, written.length + space.length, escapeToken);
  return {
    line,
    name: written.toLowerCase(),
    written,
    flags,
    rest: text.slice(offset),
    restOffset: offset,
    escapeToken,
  };
}

/** Words that begin with -- before the first that does not; "--" alone ends them. */
function readFlags(text: string, from: number, escapeToken: string): { flags: Flag[]; offset: number } {
  const flags: Flag[] = [];
  let offset = from;
  while (text.startsWith("--", offset)) {
    const end = endOfWord(text, offset, escapeToken);
    const word = unquote(text.slice(offset, end), escapeToken);
    const next = end + /^\s*/.exec(text.slice(end))![0].length;
    if (word === "--") return { flags, offset: next };
    const equals = word.indexOf("=");
    flags.push({
      name: equals < 0 ? word.slice(2) : word.slice(2, equals),
      ...(equals < 0 ? {} : { value: word.slice(equals + 1) }),
      offset,
      length: end - offset,
    });
    offset = next;
  }
  return { flags, offset };
}

function endOfWord(text: string, from: number, escapeToken: string): number {
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (character === escapeToken && quote !== "'") at++;
    else if (quote !== "") quote = character === quote ? "" : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (/\s/.test(character)) return at;
  }
  return text.length;
}

/** Quotes and escapes of a flag go before its value is looked at. */
function unquote(word: string, escapeToken: string): string {
  let [text, quote] = ["", ""];
  for (let at = 0; at < word.length; at++) {
    const character = word[at]!;
    if (character === escapeToken && quote !== "'" && at + 1 < word.length) text += word[++at];
    else if (quote !== "" && character === quote) quote = "";
    else if (quote === "" && (character === "'" || character === '"')) quote = character;
    else text += character;
  }
  return text;
}

/** Words of a text as ENV, LABEL and ARG have them: quotes and escapes are kept, only unquoted spaces split. */
export function splitRaw(text: string, escapeToken: string): { word: string; offset: number }[] {
  const words: { word: string; offset: number }[] = [];
  let at = /^\s*/.exec(text)![0].length;
  while (at < text.length) {
    const end = endOfWord(text, at, escapeToken);
    words.push({ word: text.slice(at, end), offset: at });
    at = end + /^\s*/.exec(text.slice(end))![0].length;
  }
  return words;
}

/** A JSON array of strings, undefined when the text is something else. An array of other things is a fault. */
export function jsonStrings({ rest, restOffset }: Statement): string[] | undefined {
  if (!rest.trimStart().startsWith("[")) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(rest);
  } catch {
    return undefined;
  }
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new SyntaxFault("dockerfile-json", "only strings may stand in a JSON array here", {
    offset: restOffset,
    length: rest.length,
  });
}

/** A JSON array, or words between spaces. */
export const listOf = (statement: Statement): string[] =>
  jsonStrings(statement) ?? statement.rest.split(/\s+/).filter((word) => word !== "");

/** The fault of an instruction that lacks what must follow it. */
export function missing(statement: Statement, what: string): SyntaxFault {
  return new SyntaxFault(
    "dockerfile-argument",
    `${statement.name.toUpperCase()} ${what}`,
    statement.rest === ""
      ? { offset: 0, length: statement.written.length }
      : { offset: statement.restOffset, length: statement.rest.length },
  );
}
