import type { Origin } from "../document/node.ts";
import { lineText, type Source } from "../document/source.ts";
import type { Lookup } from "../interpolate/template.ts";
import type { Report } from "../report.ts";
import type { OnValue } from "./dotenv.ts";

/** Reads `format: raw`: one NAME=value a line, taken as it stands; a name alone is inherited. */
export function readRawFile(
  source: Source,
  inherited: Lookup,
  report: Report,
  _before?: ReadonlyMap<string, string>,
  onValue: OnValue = () => undefined,
): Map<string, string> {
  const variables = new Map<string, string>();
  source.lineStarts.forEach((start, index) => {
    const line = lineText(source, index + 1).trimStart();
    if (line === "" || line.startsWith("#")) return;
    const [name = "", ...rest] = line.split("=");
    if (name === "" || /\s/.test(name)) {
      reportName(name, { source, start, end: start + line.length }, report);
      return;
    }
    const value = rest.length === 0 ? inherited(name) : rest.join("=");
    if (value === undefined) return;
    variables.set(name, value);
    const at = start + lineText(source, index + 1).length - line.length;
    onValue(name, { source, start: at, end: at + line.length });
  });
  return variables;
}

function reportName(name: string, origin: Origin, report: Report): void {
  const message =
    name === "" ? "a name is missing" : `the variable name ${JSON.stringify(name)} has a space in it`;
  report.error({ code: "environment-file-syntax", message, origin, hint: "a line reads NAME=value" });
}
