import type { Action } from "../../project/index.ts";

/** Something that the command did before the supervisor was asked. Monotonic milliseconds. */
export type ClientSpan = {
  readonly kind: "pull" | "build";
  readonly image: string;
  readonly services: readonly string[];
  readonly began: number;
  readonly ended: number;
};

/** What the command that brings a project up knows of the time before the supervisor was asked. */
export type ClientTimes = { readonly began: number; readonly spans: readonly ClientSpan[] };

/** A step of the plan, as the timeline keeps it. */
export type TimelineStep = {
  readonly id: string;
  readonly after: readonly string[];
  readonly type: Action["type"];
  /** The container, network or volume; of a wait the service. */
  readonly name: string;
  readonly service?: string;
  readonly condition?: string;
};

/**
 * projects/<name>/timeline: when the last `up` did what, one JSON object a line. Times are monotonic milliseconds;
 * `time` is the wall clock (Unix milliseconds) at the moment `began`.
 */
export type TimelineEntry =
  | {
      readonly type: "begin";
      readonly version: 1;
      readonly time: number;
      readonly began: number;
      readonly spans: readonly ClientSpan[];
      readonly steps: readonly TimelineStep[];
      /** Containers that were up already and stay. */
      readonly kept: readonly string[];
    }
  | {
      readonly type: "step";
      readonly id: string;
      readonly began: number;
      readonly ended: number;
      readonly failed?: true;
    }
  /** A health check of a container that was not healthy before. */
  | {
      readonly type: "probe";
      readonly container: string;
      readonly service: string;
      readonly began: number;
      readonly ended: number;
      readonly exitCode: number;
      readonly status: "starting" | "healthy" | "unhealthy";
      readonly interval: number;
    }
  | { readonly type: "end"; readonly ended: number; readonly failed?: true };
