import type { Source } from "../document/source.ts";
import type { Lookup } from "../interpolate/template.ts";
import type { Report } from "../report.ts";

/** Reads `format: raw`: one NAME=value a line, taken as it stands; a name alone is inherited. */
export function readRawFile(source: Source, inherited: Lookup, report: Report): Map<string, string> {
  const variables = new Map<string, string>();
  source.lineStarts.forEach((start, index) => {
    const end = source.lineStarts[index + 1] ?? source.text.length + 1;
    const line = source.text
      .slice(start, end - 1)
      .replace(/\r$/, "")
      .trimStart();
    if (line === "" || line.startsWith("#")) return;
    const equals = line.indexOf("=");
    const name = equals === -1 ? line : line.slice(0, equals);
    if (name === "" || /\s/.test(name)) {
      const message =
        name === "" ? "a name is missing" : `the variable name ${JSON.stringify(name)} has a space in it`;
      const origin = { source, start, end: end - 1 };
      report.error({ code: "environment-file-syntax", message, origin, hint: "a line reads NAME=value" });
      return;
    }
    const value = equals === -1 ? inherited(name) : line.slice(equals + 1);
    if (value !== undefined) variables.set(name, value);
  });
  return variables;
}
