import { padToWidth, textWidth } from "./text-width.ts";

const GAP = 3;
/** Docker's tables never have a column narrower than this, gap included. */
const NARROWEST = 10;

/** A table as Docker Compose prints it: a heading, left-aligned columns, three spaces between them. */
export function renderTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) =>
    Math.max(NARROWEST, GAP + Math.max(...lines.map((line) => textWidth(line[column] ?? "")))),
  );
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => padToWidth(cell, widths[column]!))
          .join("")
          .trimEnd()}\n`,
    )
    .join("");
}
