import type { Timeline } from "../../supervisor/index.ts";

export type SpanKind = "pull" | "build" | "create" | "wait" | "stop" | "start" | "probe";

/** Milliseconds since the command began. */
export type RowSpan = { readonly kind: SpanKind; readonly began: number; readonly ended: number };

/** What happened to one container during an `up`. */
export type Row = {
  readonly container: string;
  readonly service: string;
  readonly spans: readonly RowSpan[];
  readonly firstProbe?: number;
  /** Absent: not by now. */
  readonly ready?: number;
  readonly failed: boolean;
};

const KINDS: Readonly<Record<string, SpanKind>> = {
  "create-container": "create",
  "stop-container": "stop",
  "start-container": "start",
};

/** A row for each container that something was done to, in the order in which they came to be ready. */
export function rowsOf(timeline: Timeline): Row[] {
  const { began, steps } = timeline;
  const done = new Map(timeline.done.map((one) => [one.id, one]));
  const rows = new Map<string, { service: string; spans: RowSpan[]; failed: boolean }>();
  for (const { id, type, name, service } of steps) {
    const kind = KINDS[type];
    const step = done.get(id);
    if (!kind || service === undefined || !step) continue;
    const row = rows.get(name) ?? { service, spans: [], failed: false };
    row.spans.push({ kind, began: step.began - began, ended: step.ended - began });
    row.failed ||= step.failed === true;
    rows.set(name, row);
  }
  const found = [...rows].map(([container, row]) => complete(timeline, container, row));
  return found.sort((left, right) => (left.ready ?? Infinity) - (right.ready ?? Infinity));
}

function complete(
  timeline: Timeline,
  container: string,
  { service, spans, failed }: { service: string; spans: readonly RowSpan[]; failed: boolean },
): Row {
  const { began } = timeline;
  const probes = timeline.probes.filter((one) => one.container === container);
  const images = timeline.spans
    .filter((one) => one.services.includes(service))
    .map(({ kind, ...one }) => ({ kind, began: one.began - began, ended: one.ended - began }));
  const probing = probes.map((one) => ({
    kind: "probe" as const,
    began: one.began - began,
    ended: one.ended - began,
  }));
  const start = spans.find(({ kind }) => kind === "start");
  const created = spans.find(({ kind }) => kind === "create")?.ended ?? start?.began ?? 0;
  const waits = start && start.began - created > 1 ? [waiting(created, start.began)] : [];
  const healthy = probes.find(({ status }) => status === "healthy");
  const readyAt = healthy ? healthy.ended - began : probes.length > 0 || failed ? undefined : start?.ended;
  const [first] = probing;
  return {
    container,
    service,
    spans: [...images, ...spans, ...waits, ...probing].sort((left, right) => left.began - right.began),
    ...(first && { firstProbe: first.began }),
    ...(readyAt !== undefined && { ready: readyAt }),
    failed: failed || probes.some(({ status }) => status === "unhealthy"),
  };
}

const waiting = (began: number, ended: number): RowSpan => ({ kind: "wait", began, ended });
