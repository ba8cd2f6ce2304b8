import { type Diagnostic, GantryError } from "../lib/diagnostic.ts";
import { recordForGitlab } from "./render/code-quality.ts";
import { eventLine, type StreamEvent } from "./render/events/event-line.ts";
import { diagnosticsOf, reportDiagnostic, reportError } from "./render/report-format.ts";
import { reportLooksOf, type Session } from "./session.ts";

/** Says on standard error what happens: the text for people, the event with `--progress json`. */
export function tell(session: Session, event: StreamEvent, text: string): void {
  const isStream = session.globals.progress === "json";
  session.stderr.write(isStream ? eventLine(event, Date.now()) : text);
}

/** A line that says what a command does or leaves undone. Silent with `--progress quiet`. */
export function remark(session: Session, text: string): void {
  if (session.globals.progress !== "quiet") tell(session, { type: "remark", text }, `${text}\n`);
}

/** What is remarkable about the user's files or machine. */
export function tellDiagnostics(session: Session, diagnostics: readonly Diagnostic[]): void {
  for (const one of diagnostics) session.stderr.write(reportDiagnostic(one, reportLooksOf(session)));
  recordForGitlab(reportLooksOf(session), diagnostics);
}

/** A failure of one part of a command that goes on with the others. */
export function tellFailure(session: Session, error: unknown): void {
  session.stderr.write(reportError(error, reportLooksOf(session)));
  if (error instanceof GantryError) recordForGitlab(reportLooksOf(session), diagnosticsOf(error));
}
