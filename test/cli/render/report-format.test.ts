import { describe, expect, it } from "vitest";
import { noPaint } from "../../../src/cli/render/paint.ts";
import { type ReportFormat, reportDiagnostic, reportError } from "../../../src/cli/render/report-format.ts";
import { type Diagnostic, GantryError } from "../../../src/lib/diagnostic.ts";

const fault: Diagnostic = {
  severity: "error",
  code: "invalid-value",
  message: '"a,b" is 100% wrong',
  path: "services.web.cpus",
  position: { file: "/project/sub/compose.yaml", line: 3, column: 11 },
  sourceLine: '    cpus: "a,b"',
  length: 5,
  hint: "write a number",
  related: [{ message: "used here", position: { file: "/project/b.yaml", line: 1, column: 2 } }],
};

const looks = (format: ReportFormat) => ({ format, paint: noPaint, workingDirectory: "/project" });

describe("reports", () => {
  it("are text with the line, a caret and the key path for people", () => {
    expect(reportDiagnostic(fault, looks("text"))).toBe(
      [
        'sub/compose.yaml:3:11: error: "a,b" is 100% wrong [invalid-value]',
        '  3 |     cpus: "a,b"',
        "    |           ^^^^^ services.web.cpus",
        "  note: b.yaml:1:2: used here",
        "  hint: write a number",
        "",
      ].join("\n"),
    );
  });

  it("are one JSON object a line for editors", () => {
    const line = reportDiagnostic(fault, looks("json"));
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      severity: "error",
      code: "invalid-value",
      message: '"a,b" is 100% wrong',
      path: "services.web.cpus",
      file: "/project/sub/compose.yaml",
      line: 3,
      column: 11,
      endColumn: 16,
      hint: "write a number",
      related: [{ message: "used here", file: "/project/b.yaml", line: 1, column: 2 }],
    });
  });

  it("are workflow commands for GitHub, escaped", () => {
    expect(reportDiagnostic(fault, looks("github"))).toBe(
      "::error file=sub/compose.yaml,line=3,col=11,endColumn=16,title=invalid-value::" +
        '"a,b" is 100%25 wrong%0Anote: b.yaml:1: used here%0Ahint: write a number\n',
    );
  });

  it("show of a very long line only the part that matters", () => {
    const long = { ...fault, sourceLine: `${"x".repeat(5000)}BAD${"y".repeat(5000)}`, length: 3 };
    const position = { ...fault.position!, column: 5001 };
    const [, source = "", caret = ""] = reportDiagnostic({ ...long, position }, looks("text")).split("\n");
    expect(source.length).toBeLessThan(200);
    expect(source.slice(caret.indexOf("^"), caret.lastIndexOf("^") + 1)).toBe("BAD");
  });

  it("are the diagnostics alone for programs, or the failure itself when it has none", () => {
    const failure = new GantryError("invalid-model", "a fault", { diagnostics: [fault] });
    expect(reportError(failure, looks("json"))).toBe(reportDiagnostic(fault, looks("json")));
    expect(JSON.parse(reportError(new GantryError("usage", "no", { hint: "yes" }), looks("json")))).toEqual({
      severity: "error",
      code: "usage",
      message: "no",
      hint: "yes",
    });
  });
});
