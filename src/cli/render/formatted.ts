import { type Command, Option } from "commander";
import { closest } from "../../lib/closest-word.ts";
import { evaluate } from "../template/evaluate.ts";
import { parseTemplate } from "../template/parse.ts";
import type { Method, Value } from "../template/syntax.ts";
import { malformed } from "../template/tokens.ts";
import { renderTable } from "./table.ts";

/** One line of a listing: the fields that JSON and templates have. */
export type Row = { readonly [field: string]: Value | Method };

/** Headings that are not simply the field's name. */
const HEADINGS: Readonly<Record<string, string>> = {
  ID: "CONTAINER ID",
  RunningFor: "CREATED",
  CreatedSince: "CREATED",
  Publishers: "PORTS",
  LocalVolumes: "LOCAL VOLUMES",
  CPUPerc: "CPU %",
  MemUsage: "MEM USAGE / LIMIT",
  MemPerc: "MEM %",
  NetIO: "NET I/O",
  BlockIO: "BLOCK I/O",
  PIDs: "PIDS",
};

/** Declares `--format` for a listing. */
export const declareFormat = (command: Command): Command =>
  command.addOption(
    new Option(
      "--format <format>",
      "table, json, or a template such as '{{.Name}}' (docs/formats.md)",
    ).default("table"),
  );

/**
 * Rows in the format that was asked for: `table` as the listing's own, `json` as `json` makes it, `table TEMPLATE` with a
 * heading, or a line for each row. Escapes are read as Docker reads them, so that '\t' is a tabulator.
 */
export function formatted(
  rows: readonly Row[],
  format: string,
  forms: { readonly table: () => string; readonly json: () => string },
): string {
  if (format === "table") return forms.table();
  if (format === "json") return forms.json();
  const [, isTable, given = ""] = /^(table\s+)?(.*)$/s.exec(format)!;
  const template = given.replaceAll("\\t", "\t").replaceAll("\\n", "\n");
  if (!template.includes("{{")) throw noTemplate(format);
  const block = parseTemplate(template);
  const lines = rows.map((row) => evaluate(block, row));
  if (!isTable) return lines.map((line) => `${line}\n`).join("");
  return renderTable(
    headingsOf(template),
    lines.map((line) => line.split("\t")),
  );
}

/** A heading for each column: what stands between tabulators, by the last field it names. */
function headingsOf(template: string): string[] {
  return template.split("\t").map((column) => {
    const [field = ""] = [...column.replaceAll(/"[^"]*"/g, "").matchAll(/\.(\w+)/g)]
      .map(([, name]) => name!)
      .slice(-1);
    return HEADINGS[field] ?? field.replace(/([a-z])([A-Z])/g, "$1 $2").toUpperCase();
  });
}

function noTemplate(format: string) {
  const meant = closest(format, ["table", "json"]);
  return malformed(
    format,
    meant ? `there is no such format; did you mean ${meant}?` : "there is no such format",
  );
}
