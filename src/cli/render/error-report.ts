import { GantryError } from "../../lib/diagnostic.ts";
import { placeOf, renderDiagnostic } from "./diagnostic.ts";
import type { Paint } from "./paint.ts";

/** Everything a failed command has to say: what failed on what, why, what to do. A stack only for our own mistakes. */
export function renderError(error: unknown, paint: Paint, workingDirectory: string): string {
  if (isSystemError(error)) return `${paint(["red", "bold"], "error")}: ${error.message}\n`;
  if (!(error instanceof GantryError)) return renderDefect(error, paint);
  const diagnostics = error.diagnostics.map((one) => renderDiagnostic(one, paint, workingDirectory)).join("");
  const lines = [`${paint(["red", "bold"], "error")}: ${error.message} ${paint("dim", `[${error.code}]`)}`];
  for (const cause of causesOf(error)) lines.push(`  ${paint("dim", "because:")} ${cause}`);
  for (const detail of error.details) lines.push(detail === "" ? "" : `  ${detail}`);
  for (const { position } of error.failures) {
    if (position) lines.push(`  ${paint("dim", "at:")} ${placeOf(position, workingDirectory)}`);
  }
  if (error.hint) lines.push(`  ${paint("cyan", "hint:")} ${error.hint}`);
  return `${diagnostics}${lines.join("\n")}\n`;
}

/** A refusal of the kernel that nobody foresaw: it names the call and the file, a stack would add nothing. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "errno" in error;

/** The messages of the causes, except those that the message above already quotes. */
function causesOf(error: Error): string[] {
  const causes: string[] = [];
  let said = error.message;
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    if (!said.includes(cause.message)) causes.push(cause.message);
    said += cause.message;
  }
  return causes;
}

function renderDefect(error: unknown, paint: Paint): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${paint(["red", "bold"], "error")}: gantry has a defect here. Please report it with the lines below.`,
    `${paint("dim", stack)}`,
    "",
  ].join("\n");
}
