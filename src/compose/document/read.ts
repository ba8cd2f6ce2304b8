import { Composer, type Document, Parser } from "yaml";
import type { Report } from "../report.ts";
import { convertDocument, maximumValues, reportTooMany } from "./convert.ts";
import type { Node } from "./node.ts";
import { createSource, type Source } from "./source.ts";
import { reportSyntaxErrors } from "./syntax-errors.ts";

/** Reads YAML text into nodes, one per document of the stream. What is wrong is reported; nothing is thrown. */
export function readDocuments(file: string, text: string, report: Report): Node[] {
  const source = createSource(file, text.replace(/^\uFEFF/, ""));
  if (refuseBinary(source, report)) return [];
  if (bracketsGoTooDeep(source.text)) return refuseDepth(source, report);
  if (hasFarTooMany(source.text)) {
    reportTooMany(source, report);
    return [];
  }
  try {
    const documents = compose(source.text);
    if (reportSyntaxErrors(documents, source, report)) return [];
    return documents.flatMap((document) => {
      const node = document.contents && convertDocument(document, source, report);
      return node ? [node] : [];
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuseDepth(source, report);
  }
}

function refuseDepth(source: Source, report: Report): [] {
  const origin = { source, start: 0, end: 1 };
  report.error({ code: "yaml-too-large", message: "the file is nested too deeply to be read", origin });
  return [];
}

/** The parser's time grows with the square of the depth of open brackets; thousands are no honest file. */
function bracketsGoTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x5b || character === 0x7b) depth++;
    else if (character === 0x5d || character === 0x7d) depth = Math.max(0, depth - 1);
    if (depth > 2_000) return true;
  }
  return false;
}

/**
 * Whether a text has so many colons, dashes and commas that its values cannot be but too many: parsing ten megabytes of
 * them, only to refuse them, takes seconds and a gigabyte. Text within values has some of these too, hence the margin.
 */
function hasFarTooMany(text: string): boolean {
  let separators = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x2c) separators++;
    else if ((character === 0x3a || character === 0x2d) && text.charCodeAt(at + 1) <= 0x20) separators++;
  }
  return separators > 1.5 * maximumValues;
}

function compose(text: string): Document.Parsed[] {
  // "failsafe" leaves every scalar a string: what an unquoted one means is decided in plain-scalar.ts. Duplicate keys
  // are looked for in convert.ts, in linear time.
  const composer = new Composer({
    schema: "failsafe",
    keepSourceTokens: false,
    uniqueKeys: false,
    logLevel: "silent",
  });
  return [...composer.compose(new Parser().parse(text))];
}

function refuseBinary(source: Source, report: Report): boolean {
  const at = source.text.search(/[\0\uFFFD]/);
  if (at === -1) return false;
  const what = source.text[at] === "\0" ? "contains a NUL byte" : "is not valid UTF-8";
  report.error({
    code: "yaml-syntax",
    message: `the file ${what}`,
    origin: { source, start: at, end: at + 1 },
    hint: "a Compose file is YAML text in UTF-8",
  });
  return true;
}
