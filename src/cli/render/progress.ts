import type { ProgressEvent } from "../../supervisor/index.ts";
import type { Output } from "../streams/output.ts";
import { noPaint, type Paint } from "./paint.ts";
import { jsonProgress } from "./progress-json.ts";
import { plainProgress } from "./progress-plain.ts";
import { terminalProgress } from "./progress-terminal.ts";

/** Shows what happens during a command. `end` leaves the final state on the screen; it may be called more than once. */
export type ProgressView = {
  readonly show: (event: ProgressEvent) => void;
  readonly end: () => Promise<void>;
};

export const PROGRESS_KINDS = ["auto", "tty", "plain", "json", "quiet"] as const;
export type ProgressKind = (typeof PROGRESS_KINDS)[number];

/** The view asked for with `--progress`; `auto` is `tty` on a terminal that understands escapes, `plain` elsewhere. */
export function openProgress(
  kind: ProgressKind,
  output: Output,
  ansi: "auto" | "always" | "never",
  paint: Paint = noPaint,
): ProgressView {
  const chosen = kind === "auto" ? (output.isTerminal && ansi !== "never" ? "tty" : "plain") : kind;
  switch (chosen) {
    case "tty":
      return terminalProgress(output, paint);
    case "plain":
      return plainProgress(output);
    case "json":
      return jsonProgress(output);
    case "quiet":
      return { show: () => undefined, end: async () => undefined };
  }
}
