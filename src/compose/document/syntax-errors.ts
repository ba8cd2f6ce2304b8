import type { Document, YAMLError } from "yaml";
import type { Report } from "../report.ts";
import { lineText, positionAt, type Source } from "./source.ts";

type Words = { readonly message: string; readonly hint?: string };

/** Reports what the YAML parser objects to, in people's words. Returns whether there was anything. */
export function reportSyntaxErrors(
  documents: readonly Document.Parsed[],
  source: Source,
  report: Report,
): boolean {
  const errors = documents.flatMap((document) => document.errors);
  // One slip makes the parser stumble on; what follows the first error of a line helps nobody.
  const lines = new Set<number>();
  for (const error of errors) {
    const [start, end] = error.pos;
    const at = Math.min(start, source.text.length);
    const { line } = positionAt(source, at);
    if (lines.has(line)) continue;
    lines.add(line);
    const origin = { source, start: at, end: Math.max(end, at + 1) };
    report.error({ code: "yaml-syntax", origin, ...inWords(error, source, at) });
  }
  return errors.length > 0;
}

function inWords(error: YAMLError, source: Source, at: number): Words {
  const line = lineText(source, positionAt(source, at).line);
  if (/^\s*\t/.test(line)) {
    return {
      message: "a tab is used for indentation",
      hint: "YAML is indented with spaces: replace the tab by two spaces",
    };
  }
  const words = byCode[error.code]?.(line) ?? { message: firstSentence(error.message) };
  return words;
}

const byCode: Partial<Record<string, (line: string) => Words>> = {
  TAB_AS_INDENT: () => ({
    message: "a tab is used for indentation",
    hint: "YAML is indented with spaces: replace the tab by two spaces",
  }),
  BAD_INDENT: () => ({
    message: "this line is indented differently from the lines it belongs to",
    hint: "keys of one mapping, and items of one list, start in the same column",
  }),
  MISSING_CHAR: (line) => missingCharacter(line),
  BLOCK_AS_IMPLICIT_KEY: (line) => colonTwice(line),
  MULTILINE_IMPLICIT_KEY: () => ({
    message: "this looks like a key, but has no colon",
    hint: "write a key as name: value, with a space after the colon, and a list item as - value",
  }),
  UNEXPECTED_TOKEN: (line) => ({
    message: `this does not fit here: ${line.trim()}`,
    hint: "look for a missing quote, bracket or comma, or wrong indentation just before",
  }),
  BAD_ALIAS: () => ({
    message: "an unquoted value cannot begin with *, which stands for an anchor",
    hint: 'put the value in quotes: "*…"',
  }),
  BAD_SCALAR_START: (line) => ({
    message: "an unquoted value cannot begin with this character",
    hint: `put the value in quotes, for example: ${quoted(line)}`,
  }),
  UNRESOLVED_TAG: () => ({
    message: "there is no such tag",
    hint: "put a value that begins with ! in quotes",
  }),
};

function missingCharacter(line: string): Words {
  const quote = ['"', "'"].find((mark) => line.split(mark).length % 2 === 0);
  if (quote) {
    return {
      message: `a quote ${quote} is opened and not closed`,
      hint: `close it on this line, or escape it`,
    };
  }
  return {
    message: "a character is missing: a closing quote, bracket or brace, or the colon after a key",
    hint: "write a key as name: value, with a space after the colon",
  };
}

function colonTwice(line: string): Words {
  return {
    message: "this line has two colons that both look like the end of a key",
    hint: `put the value in quotes if it contains a colon and a space, for example: ${quoted(line)}`,
  };
}

function quoted(line: string): string {
  const match = /^\s*(-\s+|[\w.-]+:\s+)(.*)$/.exec(line);
  return match ? `${match[1]}${JSON.stringify(match[2])}` : JSON.stringify(line.trim());
}

const firstSentence = (message: string) => message.split(/ at line \d/)[0]!.trim();
