import { relative } from "node:path";
import type { Diagnostic, Position, RelatedPlace } from "../../lib/diagnostic.ts";
import type { Paint } from "./paint.ts";
import { textWidth } from "./text-width.ts";

/**
 * A diagnostic as compilers print them:
 *
 *     compose.yaml:3:5: error: service "web" has no image [missing-image]
 *       3 |     prots: ["80:80"]
 *         |     ^^^^^
 *       hint: did you mean "ports"?
 */
export function renderDiagnostic(diagnostic: Diagnostic, paint: Paint, workingDirectory: string): string {
  const { severity, position, message, code, hint, related = [] } = diagnostic;
  const place = position ? `${paint("bold", placeOf(position, workingDirectory))}: ` : "";
  const word = paint(severity === "error" ? ["red", "bold"] : ["yellow", "bold"], severity);
  const lines = [`${place}${word}: ${message} ${paint("dim", `[${code}]`)}`];
  if (position && diagnostic.sourceLine !== undefined) lines.push(...excerpt(diagnostic, position, paint));
  for (const other of related)
    lines.push(`  ${paint("dim", "note:")} ${relatedText(other, workingDirectory)}`);
  if (hint) lines.push(`  ${paint("cyan", "hint:")} ${hint}`);
  return `${lines.join("\n")}\n`;
}

/** File (relative to the working directory when below it), line and column. */
export function placeOf({ file, line, column }: Position, workingDirectory: string): string {
  const near = relative(workingDirectory, file);
  const shown = near === "" || near.startsWith("..") ? file : near;
  return `${file === "-" ? "standard input" : shown}:${line}:${column}`;
}

function relatedText({ message, position }: RelatedPlace, workingDirectory: string): string {
  return position ? `${placeOf(position, workingDirectory)}: ${message}` : message;
}

function excerpt(diagnostic: Diagnostic, position: Position, paint: Paint): string[] {
  const { source, column } = window((diagnostic.sourceLine ?? "").replaceAll("\t", " "), position.column);
  const number = String(position.line);
  const before = textWidth(source.slice(0, column - 1));
  const marked = source.slice(column - 1, column - 1 + (diagnostic.length ?? 1));
  const caret = "^".repeat(Math.max(1, textWidth(marked)));
  const label = diagnostic.path ? ` ${paint("dim", diagnostic.path)}` : "";
  const colour = diagnostic.severity === "error" ? "red" : "yellow";
  return [
    `  ${paint("dim", `${number} |`)} ${source.trimEnd()}`,
    `  ${paint("dim", `${" ".repeat(number.length)} |`)} ${" ".repeat(before)}${paint(colour, caret)}${label}`,
  ];
}

const WIDEST = 160;
const BEFORE = 60;

/** The part of a line around a column: a whole file may stand on one line. */
function window(line: string, column: number): { source: string; column: number } {
  if (line.length <= WIDEST) return { source: line, column };
  const start = column - 1 > WIDEST - BEFORE ? column - 1 - BEFORE : 0;
  const [left, right] = [start > 0 ? "…" : "", start + WIDEST < line.length ? "…" : ""];
  return {
    source: `${left}${line.slice(start, start + WIDEST)}${right}`,
    column: column - start + left.length,
  };
}
