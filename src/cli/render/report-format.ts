import { relative } from "node:path";
import { type Diagnostic, GantryError, type Position, type ServiceFailure } from "../../lib/diagnostic.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { renderDiagnostic } from "./diagnostic.ts";
import { renderError } from "./error-report.ts";
import { eventLine } from "./events/event-line.ts";
import type { Paint } from "./paint.ts";

/**
 * In what form errors and warnings are written to standard error: for people, for editors, for GitHub's annotations.
 * For GitLab they are text, and go to a file as well.
 */
export const REPORT_FORMATS = ["text", "json", "github", "gitlab"] as const;
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
  if (isText(looks.format) || !(error instanceof GantryError)) {
    return renderError(error, looks.paint, looks.workingDirectory);
  }
  return diagnosticsOf(error)
    .map((one) => reportDiagnostic(one, looks))
    .join("");
}

const isText = (format: ReportLooks["format"]) => format === "text" || format === "gitlab";

/** An error as programs get it: its diagnostics, or what failed service by service, or itself as one. */
export function diagnosticsOf(error: GantryError): readonly Diagnostic[] {
  if (error.diagnostics.length > 0) return error.diagnostics;
  const { code, message, details, hint, failures } = error;
  const itself: Diagnostic = {
    severity: "error",
    code,
    message: [message, ...details].join("\n"),
    ...(hint && { hint }),
  };
  if (failures.length === 0) return [itself];
  const single = failures.map((failure) => failureDiagnostic(failure, hint));
  return code === "several-failed" ? [...single, itself] : single;
}

function failureDiagnostic(failure: ServiceFailure, hint: string | undefined): Diagnostic {
  const { code, message, details, path, position } = failure;
  return {
    severity: "error",
    code,
    message: [message, ...details].join("\n"),
    ...(path !== undefined && { path }),
    ...(position && { position }),
    ...(hint && { hint }),
  };
}

/** In the event stream the diagnostics come first and the error that is made of them last. */
function errorEvents(error: unknown, looks: ReportLooks): string {
  const known = error instanceof GantryError ? error : undefined;
  const isListed = known && (known.diagnostics.length > 0 || known.failures.length > 0);
  const listed = isListed ? diagnosticsOf(known) : [];
  const diagnostics = listed.map((one) => reportDiagnostic(one, looks)).join("");
  const message = error instanceof Error ? error.message : String(error);
  const end = {
    type: "error",
    error: true,
    code: known?.code ?? "internal",
    message,
    ...(known?.hint && { hint: known.hint }),
    ...(known?.details.length && { details: known.details }),
    exitCode: known ? exitCodeOf(known) : 1,
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
