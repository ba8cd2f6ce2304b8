import { describe, expect, it } from "vitest";
import { parseDuration } from "../../src/lib/duration.ts";

describe("parseDuration", () => {
  it.each([
    ["0", 0],
    ["0s", 0],
    ["500ms", 500],
    ["10s", 10_000],
    ["1m30s", 90_000],
    ["1h0m0s", 3_600_000],
    ["1.5s", 1500],
    ["100us", 0.1],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBeCloseTo(milliseconds);
  });

  it.each(["", "5", "s", "5 s", "5x", "-1s", "1s foo"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
