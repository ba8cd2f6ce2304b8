import type { GraphService } from "../../../compose/index.ts";
import { textWidth } from "../text-width.ts";
import { conditionLabel } from "./condition-word.ts";

type Box = { readonly x: number; readonly y: number; readonly width: number };

const CHARACTER = 8.4;
const BOX_HEIGHT = 32;
const ROW = 56;
const GAP = 150;
const MARGIN = 20;

/** The graph as a picture: a column for each level, an arrow from each service to what it waits for. */
export function graphSvg(services: readonly GraphService[]): string {
  const boxes = placeBoxes(services);
  const all = [...boxes.values()];
  const width = Math.max(MARGIN, ...all.map((box) => box.x + box.width)) + MARGIN;
  const height = Math.max(MARGIN, ...all.map((box) => box.y + BOX_HEIGHT)) + MARGIN;
  const edges = services.flatMap(({ name, dependsOn }) =>
    dependsOn.map((edge) => drawEdge(boxes.get(name)!, boxes.get(edge.service)!, edge)),
  );
  const nodes = services.map(({ name }) => drawBox(name, boxes.get(name)!));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="monospace" font-size="14">`,
    `<defs><marker id="arrow" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="#555"/></marker></defs>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...edges,
    ...nodes,
    "</svg>\n",
  ].join("\n");
}

function placeBoxes(services: readonly GraphService[]): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>();
  let x = MARGIN;
  for (let level = 1; level <= (services.at(-1)?.level ?? 0); level++) {
    const column = services.filter((service) => service.level === level);
    const width = Math.round(Math.max(...column.map(({ name }) => textWidth(name))) * CHARACTER + 24);
    column.forEach(({ name }, row) => void boxes.set(name, { x, y: MARGIN + row * ROW, width }));
    x += width + GAP;
  }
  return boxes;
}

function drawBox(name: string, { x, y, width }: Box): string {
  const label = `<text x="${x + width / 2}" y="${y + 21}" text-anchor="middle" fill="#111">${escaped(name)}</text>`;
  return `<rect x="${x}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="6" fill="#eef3fb" stroke="#446"/>${label}`;
}

/** From the left of what waits to the right of what is waited for; a label in the gap beside what waits. */
function drawEdge(from: Box, to: Box, { condition, required }: GraphService["dependsOn"][number]): string {
  const [x1, y1, x2, y2] = [from.x, from.y + BOX_HEIGHT / 2, to.x + to.width, to.y + BOX_HEIGHT / 2];
  const bend = GAP / 2;
  const path = `M${x1} ${y1}C${x1 - bend} ${y1} ${x2 + bend} ${y2} ${x2} ${y2}`;
  const dashes = required ? "" : ' stroke-dasharray="5 4"';
  // Halfway over the gap: further on, the line of a long edge runs behind other services.
  const part = bend / Math.max(GAP, x1 - x2);
  const labelX = Math.round(x1 - bend);
  const labelY = Math.round(y1 + (y2 - y1) * part * part * (3 - 2 * part)) - 5;
  return (
    `<path d="${path}" fill="none" stroke="#555"${dashes} marker-end="url(#arrow)"/>` +
    `<text x="${labelX}" y="${labelY}" text-anchor="middle" font-size="11" fill="#555">${conditionLabel(condition)}</text>`
  );
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => entities[character]!);
