import type { Output } from "../streams/output.ts";
import type { ProgressView } from "./progress.ts";
import { capitalised, type Phase, phaseOf, subjectOf } from "./status-words.ts";

const STATUS_OF_PHASE: Readonly<Record<Phase, string>> = {
  working: "Working",
  done: "Done",
  failed: "Error",
  warned: "Warning",
};

/** One JSON object per event with Docker Compose's fields (`--progress json`). */
export function jsonProgress(output: Output): ProgressView {
  return {
    show: (event) => {
      const { status, detail, time, parent, current, total } = event;
      const line = {
        id: subjectOf(event),
        ...(parent === undefined ? {} : { parent_id: `Image ${parent}` }),
        status: STATUS_OF_PHASE[phaseOf(status)],
        text: capitalised(status),
        ...(detail ? { details: detail } : {}),
        ...(total === undefined ? {} : { current, total, percent: percentOf(current ?? 0, total) }),
        time: new Date(time).toISOString(),
      };
      output.write(`${JSON.stringify(line)}\n`);
    },
    end: async () => undefined,
  };
}

const percentOf = (current: number, total: number): number =>
  total === 0 ? 100 : Math.floor((current / total) * 100);
