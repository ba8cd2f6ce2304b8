import type { Origin } from "../document/node.ts";
import type { Source } from "../document/source.ts";
import { type Lookup, substitute } from "../interpolate/template.ts";
import type { Report } from "../report.ts";
import { expandEscapes, readQuoted } from "./quoted-value.ts";

/** Told where each value stands. */
export type OnValue = (name: string, origin: Origin) => void;

type Reader = { readonly source: Source; at: number; readonly report: Report };

/**
 * Reads variables in the format of .env: comments, `export`, single and double quotes over several lines, escapes,
 * variables within values. `inherited` is asked first for variables in values, and for names without a value.
 * `before` has what earlier files gave, and is asked last. `onValue` hears of each value's place.
 */
export function readDotenv(
  source: Source,
  inherited: Lookup,
  report: Report,
  before: ReadonlyMap<string, string> = new Map(),
  onValue: OnValue = () => undefined,
): Map<string, string> {
  const variables = new Map<string, string>();
  const reader: Reader = { source, at: source.text.startsWith("\uFEFF") ? 1 : 0, report };
  const lookup: Lookup = (name) => inherited(name) ?? variables.get(name) ?? before.get(name);
  while (skipToStatement(reader)) {
    const start = reader.at;
    const key = readKey(reader);
    if (!key) {
      skipLine(reader);
      continue;
    }
    const value = key.hasValue ? readValue(reader, lookup) : inherited(key.name);
    if (value === undefined) continue;
    variables.set(key.name, value);
    onValue(key.name, { source, start, end: start + source.text.slice(start, reader.at).trimEnd().length });
  }
  return variables;
}

function skipToStatement(reader: Reader): boolean {
  const { text } = reader.source;
  const blank = /(?:\s+|#[^\n]*)*/y;
  blank.lastIndex = reader.at;
  blank.exec(text);
  reader.at = blank.lastIndex;
  return reader.at < text.length;
}

function readKey(reader: Reader): { name: string; hasValue: boolean } | undefined {
  const statement = /(?:export[^\S\n]+)?([^=:\n]*)([=:\n]|$)/y;
  statement.lastIndex = reader.at;
  const match = statement.exec(reader.source.text);
  if (!match) return undefined;
  const name = match[1]!.trim();
  const wrong = /[^\p{L}\p{N}_.[\]-]/u.exec(name);
  if (name === "" || wrong) {
    const end = reader.at + Math.max(1, match[0].trimEnd().length);
    const what = wrong
      ? `the variable name ${JSON.stringify(name)} has ${describe(wrong[0])}`
      : "a name is missing";
    reportAt(reader, { source: reader.source, start: reader.at, end }, what, "a line reads NAME=value");
    return undefined;
  }
  reader.at = statement.lastIndex;
  return { name, hasValue: match[2] === "=" || match[2] === ":" };
}

const describe = (character: string) =>
  character === " " ? "a space in it" : `the character ${character} in it`;

function readValue(reader: Reader, lookup: Lookup): string | undefined {
  const { text } = reader.source;
  const blanks = /[^\S\n]*/y;
  blanks.lastIndex = reader.at;
  blanks.exec(text);
  reader.at = blanks.lastIndex;
  const start = reader.at;
  const quote = text[start];
  if (quote !== '"' && quote !== "'") {
    const line = restOfLine(reader);
    return expand(line.split(" #", 1)[0]!.trimEnd(), start, reader, lookup);
  }
  const quoted = readQuoted(text, start);
  if (!quoted) {
    const origin = { source: reader.source, start, end: start + restOfLine(reader).length };
    reportAt(reader, origin, `a quote ${quote} is opened and not closed`, `close the value with ${quote}`);
    reader.at = text.length;
    return undefined;
  }
  reader.at = quoted.end;
  return quote === "'" ? quoted.content : expand(expandEscapes(quoted.content), start, reader, lookup);
}

function expand(value: string, start: number, reader: Reader, lookup: Lookup): string {
  const result = substitute(value, lookup);
  for (const problem of result.problems) {
    if (problem.kind === "unset") continue;
    const origin = { source: reader.source, start, end: start + value.length };
    if (problem.kind === "syntax") reportAt(reader, origin, problem.message, problem.hint);
    else reportAt(reader, origin, `the variable ${problem.name} is required: ${problem.reason}`, "set it");
  }
  return result.value;
}

function restOfLine(reader: Reader): string {
  const start = reader.at;
  skipLine(reader);
  return reader.source.text.slice(start, reader.at).replace(/\n$/, "");
}

function skipLine(reader: Reader): void {
  const end = reader.source.text.indexOf("\n", reader.at);
  reader.at = end === -1 ? reader.source.text.length : end + 1;
}

function reportAt(reader: Reader, origin: Origin, message: string, hint: string): void {
  reader.report.error({ code: "environment-file-syntax", message, origin, hint });
}
