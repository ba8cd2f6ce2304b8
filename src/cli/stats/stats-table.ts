import { renderTable } from "../render/table.ts";
import type { Figures } from "./figures.ts";

const HEADING = [
  "CONTAINER ID",
  "NAME",
  "CPU %",
  "MEM USAGE / LIMIT",
  "MEM %",
  "NET I/O",
  "BLOCK I/O",
  "PIDS",
];

/** The table of `docker stats`. */
export function statsTable(all: readonly Figures[]): string {
  const rows = all.map((one) => [
    one.ID,
    one.Name,
    one.CPUPerc,
    one.MemUsage,
    one.MemPerc,
    one.NetIO,
    one.BlockIO,
    one.PIDs,
  ]);
  return renderTable(HEADING, rows);
}
