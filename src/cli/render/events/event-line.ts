import type { BuildEvent } from "../../../build/index.ts";
import type { ProgressEvent } from "../../../supervisor/index.ts";
import type { WatchEvent } from "../../../watch/index.ts";

/** Grows when a field changes its meaning or goes; new fields and new types do not change it. */
export const EVENT_STREAM_VERSION = 1;

/** An event whose own `type` has become `event`: `type` says what a line of the stream is about. */
type Told<Event extends { readonly type: string }> = Event extends unknown
  ? Omit<Event, "type"> & { readonly event: Event["type"] }
  : never;

type Reported = { readonly code: string; readonly message: string; readonly hint?: string };

type WatchProblem = { readonly type: "problem"; readonly service: string } & Reported;

/**
 * What `--progress json` tells, whatever the command: docs/event-stream.md explains each type, and
 * schemas/events.schema.json is the contract.
 */
export type StreamEvent =
  | ({
      readonly type: "progress";
      /** Docker Compose's fields. */
      readonly id: string;
      readonly parent_id?: string;
      readonly status: "Working" | "Done" | "Warning" | "Error";
      readonly text: string;
      readonly details?: string;
      readonly percent?: number;
      /** Ours: the same without the words. */
      readonly state: ProgressEvent["status"];
    } & Pick<ProgressEvent, "kind" | "name" | "current" | "total">)
  | ({ readonly type: "build" } & Told<BuildEvent>)
  | ({ readonly type: "watch" } & Told<Exclude<WatchEvent, { type: "problem" }> | WatchProblem>)
  | ({ readonly type: "diagnostic"; readonly severity: "error" | "warning" } & Reported)
  | ({
      readonly type: "error";
      readonly error: true;
      readonly exitCode: number;
      readonly details?: readonly string[];
    } & Reported)
  | { readonly type: "remark"; readonly text: string }
  | {
      readonly type: "end";
      readonly command: string;
      readonly exitCode: number;
      readonly milliseconds: number;
    };

/** A build's event in the stream. */
export function buildStreamEvent({ type: event, ...rest }: BuildEvent): StreamEvent {
  return { type: "build", event, ...rest } as StreamEvent;
}

/** An event as one line of JSON. */
export function eventLine({ type, ...fields }: StreamEvent, time: number): string {
  const head = { version: EVENT_STREAM_VERSION, type, time: new Date(time).toISOString() };
  return `${JSON.stringify({ ...head, ...fields })}\n`;
}
