/** What the helper says on its status descriptor (docs/launch-plan.md). */
export type HelperStatus =
  | { readonly ok: true; readonly value: string }
  | {
      readonly ok: false;
      /** "" when the helper ended without a word. */
      readonly operation: string;
      readonly errno: string;
      readonly subject: string;
      readonly text: string;
    };

/** Reads a status line, "ok …" or "failed <op> <errno name> <errno number> <subject>: <text>". */
export function parseStatusLine(line: string): HelperStatus {
  if (line === "ok" || line.startsWith("ok ")) return { ok: true, value: line.slice(3) };
  const match = /^failed (\S+) (\S+) \d+ (.*?): (.*)$/s.exec(line);
  if (!match)
    return { ok: false, operation: "", errno: "", subject: "", text: "the helper ended without a word" };
  const [, operation, errno, subject, text] = match as unknown as string[];
  return { ok: false, operation: operation!, errno: errno!, subject: subject!, text: text! };
}
