import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../../src/cli/render/diagnostic.ts";
import { choosePaint, noPaint } from "../../../src/cli/render/paint.ts";

describe("renderDiagnostic", () => {
  it("points at the place with a caret as long as what is wrong", () => {
    expect(
      renderDiagnostic(
        {
          severity: "error",
          code: "unknown-key",
          message: "service web has no key prots",
          position: { file: "/shop/compose.yaml", line: 12, column: 5 },
          sourceLine: "    prots:",
          length: 5,
          hint: "did you mean ports?",
          related: [
            { message: "defined here too", position: { file: "/other/base.yaml", line: 3, column: 1 } },
            { message: "the variable X is empty" },
          ],
        },
        noPaint,
        "/shop",
      ),
    ).toBe(
      [
        "compose.yaml:12:5: error: service web has no key prots [unknown-key]",
        "  12 |     prots:",
        "     |     ^^^^^",
        "  note: /other/base.yaml:3:1: defined here too",
        "  note: the variable X is empty",
        "  hint: did you mean ports?",
        "",
      ].join("\n"),
    );
  });

  it("keeps the caret below its place after tabs and wide characters", () => {
    const lines = renderDiagnostic(
      {
        severity: "warning",
        code: "x",
        message: "m",
        position: { file: "-", line: 1, column: 5 },
        sourceLine: "\t漢字: 値",
        length: 1,
      },
      noPaint,
      "/",
    ).split("\n");
    expect(lines[0]).toBe("standard input:1:5: warning: m [x]");
    expect(lines[1]).toBe("  1 |  漢字: 値");
    expect(lines[2]).toBe("    |       ^");
  });
});

describe("choosePaint", () => {
  it("colours terminals, unless NO_COLOR, a dumb terminal or --ansi never says otherwise", () => {
    expect(choosePaint("auto", true, {})("red", "x")).toBe("\x1b[31mx\x1b[39m");
    expect(choosePaint("auto", false, {})("red", "x")).toBe("x");
    expect(choosePaint("auto", true, { NO_COLOR: "1" })("red", "x")).toBe("x");
    expect(choosePaint("auto", true, { NO_COLOR: "" })("red", "x")).toBe("\x1b[31mx\x1b[39m");
    expect(choosePaint("auto", true, { TERM: "dumb" })("red", "x")).toBe("x");
    expect(choosePaint("never", true, {})("red", "x")).toBe("x");
    expect(choosePaint("always", false, { NO_COLOR: "1" })("red", "x")).toBe("\x1b[31mx\x1b[39m");
  });
});
