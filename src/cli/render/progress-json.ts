import type { Output } from "../streams/output.ts";
import type { ProgressView } from "./progress.ts";
import { capitalised, type Phase, phaseOf } from "./status-words.ts";

const STATUS_OF_PHASE: Readonly<Record<Phase, string>> = {
  working: "Working",
  done: "Done",
  failed: "Error",
  warned: "Warning",
};

/** One JSON object per event with Docker Compose's fields (`--progress json`). */
export function jsonProgress(output: Output): ProgressView {
  return {
    show: ({ kind, name, status, detail, time }) => {
      const event = {
        id: `${capitalised(kind)} ${name}`,
        status: STATUS_OF_PHASE[phaseOf(status)],
        text: capitalised(status),
        ...(detail ? { details: detail } : {}),
        time: new Date(time).toISOString(),
      };
      output.write(`${JSON.stringify(event)}\n`);
    },
    end: async () => undefined,
  };
}
