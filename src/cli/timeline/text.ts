import type { Paint } from "../render/paint.ts";
import { padToWidth, textWidth } from "../render/text-width.ts";
import { lastMoment, type TimelineReport } from "./report.ts";
import type { Row, SpanKind } from "./rows.ts";
import { seconds } from "./seconds.ts";

/** How a span is drawn; later ones lie over earlier ones. */
const LOOKS: Readonly<Record<SpanKind, readonly [string, Parameters<Paint>[0], string]>> = {
  pull: ["▒", "blue", "pull"],
  build: ["▓", "blue", "build"],
  create: ["c", "dim", "create"],
  wait: ["·", "dim", "wait for dependencies"],
  stop: ["x", "red", "stop the one before"],
  start: ["█", "cyan", "start"],
  probe: ["─", "yellow", "health checks"],
};
const READY = "●";
const NARROWEST = 20;

/** Bars per container, the way that decided, and advice, for people. */
export function timelineText(
  report: TimelineReport,
  looks: { readonly paint: Paint; readonly width: number },
): string {
  const { paint } = looks;
  const blocks = [
    heading(report, paint),
    bars(report, looks),
    pathText(report, paint),
    ...adviceText(report, paint),
  ];
  return blocks.filter((block) => block !== "").join("\n");
}

function heading({ project, time, total, failed, kept }: TimelineReport, paint: Paint): string {
  const when = new Date(time).toISOString().replace("T", " ").slice(0, 19);
  const took = total === undefined ? "not finished, or broken off" : seconds(total);
  const stays = kept.length > 0 ? `unchanged: ${kept.join(", ")}\n` : "";
  return `${paint("bold", `up of ${project}: ${took}${failed ? ", failed" : ""}`)}  ${paint("dim", `(${when} UTC)`)}\n${stays}`;
}

function bars(
  report: TimelineReport,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  const { rows } = report;
  if (rows.length === 0) return "";
  const end = lastMoment(report);
  const labels = rows.map((row) => readyText(row));
  const names = Math.max(...rows.map(({ container }) => textWidth(container)));
  const tails = Math.max(...labels.map(textWidth));
  const columns = Math.max(NARROWEST, width - names - tails - 6);
  const kinds = new Set(rows.flatMap(({ spans }) => spans.map(({ kind }) => kind)));
  const scale = `${" ".repeat(names)}  ${"0".padEnd(columns - seconds(end).length + 1)}${seconds(end)}`;
  const lines = rows.map((row, index) => {
    const bar = cells(row, end, columns).map((kind) => drawn(kind, paint));
    return `${padToWidth(row.container, names)}  ${bar.join("")}  ${labels[index]}`;
  });
  const legend = (Object.keys(LOOKS) as SpanKind[]).filter((kind) => kinds.has(kind));
  const words = legend.map((kind) => `${drawn(kind, paint)} ${LOOKS[kind][2]}`);
  return `${[paint("dim", scale), ...lines, [...words, `${paint("green", READY)} ready`].join("  ")].join("\n")}\n`;
}

type Cell = SpanKind | "ready" | "nothing";

function cells({ spans, ready }: Row, end: number, columns: number): Cell[] {
  const column = (moment: number) => Math.min(columns, Math.floor((moment / end) * columns));
  const line = Array.from({ length: columns + 1 }, (): Cell => "nothing");
  const probes = spans.filter(({ kind }) => kind === "probe");
  const [first, last] = [probes[0], probes.at(-1)];
  // Between two checks nothing happens but that the next is waited for.
  const checking = first && last ? [{ kind: "probe" as const, began: first.began, ended: last.ended }] : [];
  for (const { kind, began, ended } of [...spans.filter((one) => one.kind !== "probe"), ...checking]) {
    line.fill(kind, column(began), column(ended) + 1);
  }
  if (ready !== undefined) line[column(ready)] = "ready";
  return line;
}

function drawn(cell: Cell, paint: Paint): string {
  if (cell === "nothing") return " ";
  if (cell === "ready") return paint("green", READY);
  const [sign, colour] = LOOKS[cell];
  return paint(colour, sign);
}

function readyText({ ready, failed }: Row): string {
  if (ready !== undefined) return seconds(ready);
  return failed ? "failed" : "not ready";
}

function pathText({ path }: TimelineReport, paint: Paint): string {
  const legs = path.filter(({ began, ended }) => ended - began >= 0.5);
  const times = legs.map(({ began, ended }) => seconds(ended - began));
  const width = Math.max(0, ...times.map((time) => time.length));
  const lines = legs.map(({ what }, index) => `  ${times[index]!.padStart(width)}  ${what}`);
  return `${[paint("bold", "What decided how long it took:"), ...lines].join("\n")}\n`;
}

function adviceText({ advice, dependencies }: TimelineReport, paint: Paint): string[] {
  const costs = dependencies.filter(({ milliseconds }) => milliseconds >= 1);
  const waited = costs.map(
    ({ service, dependency, condition, milliseconds }) =>
      `  ${service} on ${dependency} (${condition}): ${seconds(milliseconds)}`,
  );
  const list = advice.map(({ saves, text }) => `  up to ${seconds(saves)}: ${text}`);
  return [
    ...(waited.length > 0 ? [`${[paint("bold", "What dependencies cost:"), ...waited].join("\n")}\n`] : []),
    ...(list.length > 0 ? [`${[paint("bold", "What would make it shorter:"), ...list].join("\n")}\n`] : []),
  ];
}
