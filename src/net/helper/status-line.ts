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

/** Reads the helper's one line (docs/launch-plan.md): what follows "ok", or a thrown HelperFailure. */
export function parseStatusLine(line: string): string {
  const text = line.trim();
  if (text === "ok") return "";
  if (text.startsWith("ok ")) return text.slice(3);
  const match = /^failed (\S+) (\S+) (\d+) (.*?): (.*)$/.exec(text);
  if (!match) throw new HelperFailure("helper", "EPROTO", "status line", text || "it ended without a word");
  const [, operation, errno, , subject, reason] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  throw new HelperFailure(operation, errno, subject, reason);
}
