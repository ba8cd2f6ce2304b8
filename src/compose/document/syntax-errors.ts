import type { Document, YAMLError } from "yaml";
import type { Report } from "../report.ts";
import { explainIndent } from "./indentation.ts";
import { type Opening, openingThatEndsAt } from "./opening.ts";
import { lineText, positionAt, type Source } from "./source.ts";

/** Each look for an opening goes through the whole document. */
const mostLines = 50;

type Words = { readonly message: string; readonly hint?: string };

/** Where the parser stumbled, and what is there. */
type Stumble = {
  readonly error: YAMLError;
  readonly line: string;
  /** The quote or bracket that should have been closed by here. */
  readonly opening: Opening | undefined;
  /** Of the line, from 1. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
};

/** Reports what the YAML parser objects to, in people's words. Returns whether there was anything. */
export function reportSyntaxErrors(
  documents: readonly Document.Parsed[],
  source: Source,
  report: Report,
): boolean {
  const errors = documents.flatMap((document) => document.errors.map((error) => ({ document, error })));
  if (errors.some(({ error }) => /call stack/.test(error.message))) throw new RangeError("nested too deeply");
  const stumbles = errors.length > 0 ? firstOfEachLine(errors, source) : [];
  const worded = stumbles.map((stumble) => ({ stumble, words: inWords(stumble) }));
  // A tab leaves the parser without any idea of what belongs to what.
  const tabs = worded.filter(({ words }) => words === tab);
  for (const { stumble, words } of tabs.length > 0 ? tabs : worded) {
    const { start, end, number } = stumble;
    const about = words === indented ? explainIndent(source, number) : { origin: { source, start, end } };
    report.error({ code: "yaml-syntax", ...words, ...about });
  }
  return worded.length > 0;
}

type Located = { readonly document: Document.Parsed; readonly error: YAMLError };

/** One slip makes the parser stumble on: what follows the first error of a line helps nobody. */
function firstOfEachLine(errors: readonly Located[], source: Source): Stumble[] {
  const stumbles = new Map<number, Stumble>();
  for (const { document, error } of errors) {
    if (stumbles.size >= mostLines) break;
    const place = Math.min(error.pos[0], source.text.length);
    if (stumbles.has(positionAt(source, place).line)) continue;
    const opening = openingThatEndsAt(document, source, error.pos[0]);
    const start = opening?.start ?? place;
    const number = positionAt(source, start).line;
    const end = opening ? start + 1 : Math.max(error.pos[1], start + 1);
    if (stumbles.has(number)) continue;
    stumbles.set(number, { error, opening, line: lineText(source, number), number, start, end });
  }
  return [...stumbles.values()];
}

function inWords(stumble: Stumble): Words {
  if (/^\s*\t/.test(stumble.line)) return tab;
  if (stumble.opening && isAboutClosing(stumble.error)) return unclosed(stumble.opening);
  return byCode[stumble.error.code]?.(stumble) ?? { message: stumble.error.message.split(/ at line \d/)[0]! };
}

const indented: Words = {
  message: "this line is indented differently from the lines it belongs to",
  hint: "keys of one mapping, and items of one list, start in the same column",
};

const tab: Words = {
  message: "a tab is used for indentation",
  hint: "YAML is indented with spaces: replace the tab by two spaces",
};

const isAboutClosing = ({ message }: YAMLError) => /Missing closing|end with a [\]}]/.test(message);

const unclosed = ({ mark, closing }: Opening): Words => ({
  message: `a ${mark === '"' || mark === "'" ? "quote" : "bracket"} ${mark} is opened and not closed`,
  hint: `close it with ${closing}`,
});

const noColon: Words = {
  message: "this looks like a key, but has no colon",
  hint: "write a key as name: value, with a space after the colon, and a list item as - value",
};

const byCode: Partial<Record<string, (stumble: Stumble) => Words>> = {
  TAB_AS_INDENT: () => tab,
  BAD_INDENT: () => indented,
  MISSING_CHAR: () => noColon,
  MULTILINE_IMPLICIT_KEY: ({ line }) =>
    /^\s*[\w.-]+:\S/.test(line)
      ? { message: "a space is missing after the colon", hint: `write ${line.trim().replace(":", ": ")}` }
      : noColon,
  BLOCK_AS_IMPLICIT_KEY: ({ line }) =>
    (line.match(/:(\s|$)/g) ?? []).length > 1
      ? {
          message: "this line has two colons that both look like the end of a key",
          hint: `put the value in quotes if it contains a colon and a space: ${quoted(line)}`,
        }
      : {
          message: "the next line is indented as if it belonged to this value",
          hint: "give both lines the same indentation",
        },
  UNEXPECTED_TOKEN: ({ line, error }) => unexpected(line, error),
  BAD_ALIAS: () => ({
    message: "an unquoted value cannot begin with *, which stands for an anchor",
    hint: "put the value in quotes",
  }),
  BAD_SCALAR_START: ({ line }) => ({
    message: "an unquoted value cannot begin with this character",
    hint: `put the value in quotes: ${quoted(line)}`,
  }),
  MULTIPLE_ANCHORS: () => ({ message: "a value has two anchors", hint: "keep one of them" }),
};

function unexpected(line: string, { message }: YAMLError): Words {
  if (/block-seq-ind on same line/.test(message)) {
    return {
      message: "a list item cannot begin on the line of its key",
      hint: 'put "- …" on a line of its own',
    };
  }
  const hint = /["']/.test(line)
    ? "a value in quotes ends at the second quote: double a quote that is inside, or use the other kind"
    : "look for a missing quote, bracket or comma, or wrong indentation just before";
  return { message: `something does not fit here: ${line.trim()}`, hint };
}

function quoted(line: string): string {
  const match = /^\s*(-\s+|[\w.-]+:\s+)(.*)$/.exec(line);
  return match ? `${match[1]}${JSON.stringify(match[2])}` : JSON.stringify(line.trim());
}
