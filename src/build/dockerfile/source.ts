import type { Diagnostic, Position } from "../../lib/diagnostic.ts";

/** A stretch of a Dockerfile, ready to be pointed at. */
export type Place = { readonly position: Position; readonly sourceLine: string; readonly length: number };

/** A Dockerfile's text by physical lines, without their line breaks. */
export class DockerfileSource {
  readonly file: string;
  readonly lines: readonly string[];

  constructor(text: string, file: string) {
    this.file = file;
    const lines = text.replace(/^\uFEFF/, "").split("\n");
    if (lines.at(-1) === "") lines.pop();
    this.lines = lines.map((line) => line.replace(/\r+$/, ""));
  }

  /** `line` and `column` count from 1. */
  place(line: number, column: number, length = 1): Place {
    return {
      position: { file: this.file, line, column },
      sourceLine: this.lines[line - 1] ?? "",
      length,
    };
  }
}

/** What is wrong with an instruction; thrown while one is parsed, and collected so that all are shown at once. */
export class SyntaxFault extends Error {
  readonly code: string;
  /** Where in the instruction's text; its beginning when absent. */
  readonly offset: number;
  readonly length: number;
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    options: { offset?: number; length?: number; hint?: string } = {},
  ) {
    super(message);
    this.code = code;
    this.offset = options.offset ?? 0;
    this.length = options.length ?? 1;
    this.hint = options.hint;
  }
}

/** The diagnostic for something at a place. */
export function diagnosticAt(
  severity: Diagnostic["severity"],
  place: Place,
  code: string,
  message: string,
  hint?: string,
): Diagnostic {
  return { severity, code, message, ...place, ...(hint === undefined ? {} : { hint }) };
}
