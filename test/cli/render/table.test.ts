import { describe, expect, it } from "vitest";
import { renderTable } from "../../../src/cli/render/table.ts";
import { cutToWidth, textWidth } from "../../../src/cli/render/text-width.ts";

describe("renderTable", () => {
  it("pads columns to their widest cell and three spaces, at least ten, and leaves no trailing space", () => {
    expect(
      renderTable(
        ["NAME", "SERVICE", "STATUS"],
        [
          ["shop-web-1", "web", "Up 2 seconds"],
          ["shop-database-1", "database", ""],
        ],
      ),
    ).toBe(
      [
        "NAME              SERVICE    STATUS",
        "shop-web-1        web        Up 2 seconds",
        "shop-database-1   database",
        "",
      ].join("\n"),
    );
  });

  it("counts wide characters as two columns", () => {
    expect(
      renderTable(
        ["NAME", "X"],
        [
          ["商店-ウェブ", "1"],
          ["shop", "2"],
        ],
      ),
    ).toBe(["NAME          X", "商店-ウェブ   1", "shop          2", ""].join("\n"));
  });
});

describe("textWidth", () => {
  it.each([
    ["", 0],
    ["plain", 5],
    ["한국어", 6],
    ["🚀 go", 5],
    ["e\u0301", 1],
    ["\x1b[31mred\x1b[39m", 3],
    ["é", 1],
  ])("%j is %i wide", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it("cuts between characters, never through a wide one", () => {
    expect(cutToWidth("docker-entrypoint.sh postgres", 20)).toBe("docker-entrypoint.s…");
    expect(cutToWidth("漢字漢字", 6)).toBe("漢字…");
    expect(cutToWidth("short", 20)).toBe("short");
  });
});
