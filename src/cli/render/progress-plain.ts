import type { Output } from "../streams/output.ts";
import type { ProgressView } from "./progress.ts";
import { capitalised, subjectOf } from "./status-words.ts";

/** One line per event, as Docker Compose's plain progress: " Container shop-web-1  Started". */
export function plainProgress(output: Output): ProgressView {
  const last = new Map<string, string>();
  return {
    show: (event) => {
      const { status, detail } = event;
      const thing = subjectOf(event);
      const line = ` ${thing}  ${capitalised(status)}${detail ? `  ${detail}` : ""}\n`;
      // Several may wait for the same container; the reader needs to hear it once.
      if (last.get(thing) === line) return;
      last.set(thing, line);
      output.write(line);
    },
    end: async () => undefined,
  };
}
