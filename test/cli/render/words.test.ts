import { describe, expect, it } from "vitest";
import { humanSize } from "../../../src/cli/render/byte-size.ts";
import { roughAge, roughDuration } from "../../../src/cli/render/duration.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("roughDuration", () => {
  it.each([
    [300, "Less than a second"],
    [SECOND, "1 second"],
    [59 * SECOND, "59 seconds"],
    [MINUTE, "About a minute"],
    [5 * MINUTE, "5 minutes"],
    [HOUR, "About an hour"],
    [47 * HOUR, "47 hours"],
    [3 * DAY, "3 days"],
    [20 * DAY, "2 weeks"],
    [100 * DAY, "3 months"],
    [1000 * DAY, "2 years"],
  ])("%i ms is %j", (milliseconds, words) => {
    expect(roughDuration(milliseconds)).toBe(words);
  });

  it("tells how long ago something was", () => {
    expect(roughAge(0, 3 * HOUR)).toBe("3 hours ago");
  });
});

describe("humanSize", () => {
  it.each([
    [0, "0B"],
    [999, "999B"],
    [4_261_550, "4.26MB"],
    [1_240_000_000, "1.24GB"],
    [77_000, "77kB"],
  ])("%i bytes are %s", (bytes, words) => {
    expect(humanSize(bytes)).toBe(words);
  });
});
