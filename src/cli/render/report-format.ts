import { relative } from "node:path";
import { type Diagnostic, GantryError, type Position } from "../../lib/diagnostic.ts";
import { renderDiagnostic } from "./diagnostic.ts";
import { renderError } from "./error-report.ts";
import { eventLine } from "./events/event-line.ts";
import type { Paint } from "./paint.ts";

/** In what form errors and warnings are written to standard error: for people, for editors, for GitHub's annotations. */
export const REPORT_FORMATS = ["text", "json", "github"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** How reports look here; `events`: as part of the event stream. */
export type ReportLooks = {
  readonly format: ReportFormat | "events";
  readonly paint: Paint;
  readonly workingDirectory: string;
};

/** With `--progress json` reports belong to the event stream, unless they are wanted in a form of their own. */
export const formatBeside = (progress: string | undefined, format: ReportFormat): ReportLooks["format"] =>
  format === "text" && progress === "json" ? "events" : format;

/** One diagnostic: several lines of text, one line of JSON, or one workflow command. */
export function reportDiagnostic(diagnostic: Diagnostic, looks: ReportLooks): string {
  if (looks.format === "events") return eventLine({ type: "diagnostic", ...asData(diagnostic) }, Date.now());
  if (looks.format === "json") return `${JSON.stringify(asData(diagnostic))}\n`;
  if (looks.format === "github") return `${workflowCommand(diagnostic, looks.workingDirectory)}\n`;
  return renderDiagnostic(diagnostic, looks.paint, looks.workingDirectory);
}

/** Whatever a command failed with. Programs get its diagnostics, or when it has none the error itself as one. */
export function reportError(error: unknown, looks: ReportLooks): string {
  if (looks.format === "events") return errorEvents(error, looks);
  if (looks.format === "text" || !(error instanceof GantryError)) {
    return renderError(error, looks.paint, looks.workingDirectory);
  }
  const itself: Diagnostic = {
    severity: "error",
    code: error.code,
    message: [error.message, ...error.details].join("\n"),
    ...(error.hint && { hint: error.hint }),
  };
  const diagnostics = error.diagnostics.length > 0 ? error.diagnostics : [itself];
  return diagnostics.map((one) => reportDiagnostic(one, looks)).join("");
}

/** In the event stream the diagnostics come first and the error that is made of them last. */
function errorEvents(error: unknown, looks: ReportLooks): string {
  const known = error instanceof GantryError ? error : undefined;
  const diagnostics = (known?.diagnostics ?? []).map((one) => reportDiagnostic(one, looks)).join("");
  const message = error instanceof Error ? error.message : String(error);
  const end = {
    type: "error",
    error: true,
    code: known?.code ?? "internal",
    message,
    ...(known?.hint && { hint: known.hint }),
    ...(known?.details.length && { details: known.details }),
    exitCode: known?.exitCode ?? 1,
  } as const;
  return diagnostics + eventLine(end, Date.now());
}

function asData({ position, length, related, sourceLine: _, ...rest }: Diagnostic) {
  return {
    ...rest,
    ...(position && { ...position, endColumn: position.column + (length ?? 1) }),
    ...(related && { related: related.map((one) => ({ message: one.message, ...one.position })) }),
  };
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function workflowCommand(diagnostic: Diagnostic, workingDirectory: string): string {
  const { severity, code, message, hint, position, related = [] } = diagnostic;
  const properties: Record<string, string> = {
    ...(position && {
      file: relative(workingDirectory, position.file),
      line: String(position.line),
      col: String(position.column),
      endColumn: String(position.column + (diagnostic.length ?? 1)),
    }),
    title: code,
  };
  const notes = related.map((one) => `note: ${placed(one.message, one.position, workingDirectory)}`);
  const text = [message, ...notes, ...(hint ? [`hint: ${hint}`] : [])].join("\n");
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${severity} ${written.join(",")}::${escapeText(text)}`;
}

const placed = (message: string, position: Position | undefined, workingDirectory: string) =>
  position ? `${relative(workingDirectory, position.file)}:${position.line}: ${message}` : message;

const escapeText = (text: string) =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string) => escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
