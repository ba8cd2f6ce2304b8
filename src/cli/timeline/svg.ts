import { textWidth } from "../render/text-width.ts";
import { lastMoment, type TimelineReport } from "./report.ts";
import type { Row, RowSpan, SpanKind } from "./rows.ts";
import { seconds } from "./seconds.ts";

const CHARACTER = 7.8;
const ROW = 26;
const BAR = 14;
const MARGIN = 16;
const CHART = 720;
const TICKS = 5;

const COLOURS: Readonly<Record<SpanKind, string>> = {
  pull: "#4a78b5",
  build: "#2f5288",
  create: "#b9c0cb",
  wait: "#e8ebf0",
  stop: "#d98080",
  start: "#35a0a8",
  probe: "#e0b24a",
};

/** The bars as a picture, with advice below. */
export function timelineSvg(report: TimelineReport): string {
  const { rows, project, total, path, advice } = report;
  const end = lastMoment(report);
  const left =
    MARGIN + Math.ceil(Math.max(8, ...rows.map(({ container }) => textWidth(container))) * CHARACTER) + 12;
  const x = (moment: number) => left + (moment / end) * CHART;
  const top = MARGIN + 48;
  const bottom = top + rows.length * ROW;
  const notes = [
    ...path
      .filter((leg) => leg.ended - leg.began >= 1)
      .map((leg) => `${seconds(leg.ended - leg.began)}  ${leg.what}`),
    ...advice.map(({ saves, text }) => `up to ${seconds(saves)}: ${text}`),
  ];
  const width = left + CHART + 90;
  const height = bottom + 44 + notes.length * 18 + MARGIN;
  const title = `up of ${project}: ${total === undefined ? "not finished" : seconds(total)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="monospace" font-size="13">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(MARGIN, MARGIN + 10, title, 'font-weight="bold"'),
    ...Object.entries(COLOURS).map(([kind, colour], index) => legend(kind, colour, left + index * 92)),
    ...Array.from({ length: TICKS + 1 }, (_, tick) =>
      gridLine(x((end * tick) / TICKS), top, bottom, (end * tick) / TICKS),
    ),
    ...rows.flatMap((row, index) => rowShapes(row, x, top + index * ROW)),
    ...notes.map((note, index) => text(MARGIN, bottom + 44 + index * 18, note, 'fill="#444"')),
    "</svg>\n",
  ].join("\n");
}

function rowShapes(
  { container, spans, ready, failed }: Row,
  x: (moment: number) => number,
  y: number,
): string[] {
  const bars = spans.map((span) => bar(span, x, y + (ROW - BAR) / 2));
  const end =
    ready === undefined ? [] : [`<circle cx="${round(x(ready))}" cy="${y + ROW / 2}" r="5" fill="#2e8b57"/>`];
  const label = ready === undefined ? (failed ? "failed" : "not ready") : seconds(ready);
  const last = Math.max(0, ready ?? 0, ...spans.map(({ ended }) => ended));
  return [
    text(MARGIN, y + ROW / 2 + 4, container),
    ...bars,
    ...end,
    text(x(last) + 10, y + ROW / 2 + 4, label, 'fill="#444"'),
  ];
}

function bar({ kind, began, ended }: RowSpan, x: (moment: number) => number, y: number): string {
  const width = Math.max(1.5, x(ended) - x(began));
  const title = `<title>${kind} ${seconds(ended - began)}</title>`;
  return `<rect x="${round(x(began))}" y="${y}" width="${round(width)}" height="${BAR}" rx="2" fill="${COLOURS[kind]}">${title}</rect>`;
}

const legend = (kind: string, colour: string, x: number) =>
  `<rect x="${x}" y="${MARGIN + 20}" width="12" height="10" fill="${colour}"/>${text(x + 16, MARGIN + 29, kind, 'font-size="11" fill="#444"')}`;

const gridLine = (x: number, top: number, bottom: number, moment: number) =>
  `<path d="M${round(x)} ${top}V${bottom}" stroke="#ddd"/>${text(x, bottom + 16, seconds(moment), 'font-size="11" fill="#666" text-anchor="middle"')}`;

const text = (x: number, y: number, words: string, attributes = 'fill="#111"') =>
  `<text x="${round(x)}" y="${y}" ${attributes}>${escaped(words)}</text>`;

const round = (value: number) => Math.round(value * 10) / 10;
const escaped = (words: string) =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
