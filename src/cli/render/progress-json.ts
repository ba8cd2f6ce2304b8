import type { ProgressEvent } from "../../supervisor/index.ts";
import type { Output } from "../streams/output.ts";
import { eventLine, type StreamEvent } from "./events/event-line.ts";
import type { ProgressView } from "./progress.ts";
import { capitalised, type Phase, phaseOf, subjectOf } from "./status-words.ts";

const STATUS_OF_PHASE: Readonly<
  Record<Phase, Extract<StreamEvent, { readonly type: "progress" }>["status"]>
> = {
  working: "Working",
  done: "Done",
  failed: "Error",
  warned: "Warning",
};

/** One event of the stream for each thing that happens (`--progress json`). */
export const jsonProgress = (output: Output): ProgressView => ({
  show: (event) => output.write(eventLine(asStreamEvent(event), event.time)),
  end: async () => undefined,
});

function asStreamEvent({ kind, name, status, detail, parent, current, total }: ProgressEvent): StreamEvent {
  return {
    type: "progress",
    id: subjectOf({ kind, name }),
    ...(parent === undefined ? {} : { parent_id: `Image ${parent}` }),
    status: STATUS_OF_PHASE[phaseOf(status)],
    text: capitalised(status),
    ...(detail ? { details: detail } : {}),
    ...(total === undefined ? {} : { current: current ?? 0, total, percent: percentOf(current ?? 0, total) }),
    kind,
    name,
    state: status,
  };
}

const percentOf = (current: number, total: number): number =>
  total === 0 ? 100 : Math.floor((current / total) * 100);
