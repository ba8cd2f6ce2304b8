import type { Timeline } from "../../supervisor/index.ts";
import { type Advice, adviceOf, type DependencyCost, dependencyCosts } from "./advice.ts";
import { criticalPath, type Leg } from "./critical-path.ts";
import { type Row, rowsOf } from "./rows.ts";

/** Everything there is to say of an `up`. Milliseconds since the command began. */
export type TimelineReport = {
  readonly project: string;
  /** Unix milliseconds at which the command began. */
  readonly time: number;
  /** How long `up` took; absent while it is under way or when it was broken off. */
  readonly total?: number;
  readonly failed: boolean;
  readonly rows: readonly Row[];
  readonly kept: readonly string[];
  readonly path: readonly Leg[];
  readonly dependencies: readonly DependencyCost[];
  readonly advice: readonly Advice[];
};

/** Works out the report from what was written down. */
export function timelineReport(project: string, timeline: Timeline): TimelineReport {
  const { time, began, end, kept } = timeline;
  return {
    project,
    time,
    ...(end && { total: end.ended - began }),
    failed: end?.failed ?? false,
    rows: rowsOf(timeline),
    kept,
    path: criticalPath(timeline),
    dependencies: dependencyCosts(timeline),
    advice: adviceOf(timeline),
  };
}

/** Where the scale of the drawing ends: with the last that happened, also after the command. */
export function lastMoment({ total = 0, rows, path }: TimelineReport): number {
  const ends = [...rows.flatMap(({ spans }) => spans), ...path].map(({ ended }) => ended);
  return Math.max(total, ...ends, 1);
}

/** The report as one JSON document. */
export function timelineJson(report: TimelineReport): string {
  return `${JSON.stringify({ version: 1, ...report, time: new Date(report.time).toISOString() }, rounded, 2)}\n`;
}

const rounded = (_key: string, value: unknown) =>
  typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
