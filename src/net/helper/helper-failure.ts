import { parseStatusLine } from "../../lib/helper-status.ts";

/** A failure that gantry-shim reported: which operation failed on what, with the kernel's errno. */
export class HelperFailure extends Error {
  readonly operation: string;
  /** "EADDRINUSE" */
  readonly errno: string;
  readonly subject: string;

  constructor(operation: string, errno: string, subject: string, text: string) {
    super(`${operation} ${subject}: ${text} (${errno})`);
    this.name = "HelperFailure";
    this.operation = operation;
    this.errno = errno;
    this.subject = subject;
  }
}

/** What follows "ok" in the helper's answer, or a thrown HelperFailure. */
export function helperAnswer(line: string): string {
  const status = parseStatusLine(line.trim());
  if (status.ok) return status.value;
  throw new HelperFailure(status.operation, status.errno, status.subject, status.text);
}
