import { describe, expect, it } from "vitest";
import {
  environmentOf,
  labelOf,
  momentOf,
  scaleOf,
  signalOf,
  tailLines,
  wholeNumber,
} from "../../src/cli/option-values.ts";

describe("values of options", () => {
  it("reads whole numbers and refuses everything else", () => {
    expect(wholeNumber("10")).toBe(10);
    expect(wholeNumber("-1")).toBe(-1);
    for (const text of ["", "1.5", "ten", "1s", "0x10"]) expect(() => wholeNumber(text)).toThrow("whole");
  });

  it("gathers scales", () => {
    expect(scaleOf("web=3", scaleOf("db=0", undefined))).toEqual({ db: 0, web: 3 });
    for (const text of ["web", "web=", "web=-1", "=1"]) expect(() => scaleOf(text, {})).toThrow("SERVICE");
  });

  it("keeps everything after the first equals sign; a bare name is to be taken from the environment", () => {
    expect(environmentOf("A=b=c", undefined)).toEqual({ A: "b=c" });
    expect(environmentOf("B", { A: "1" })).toEqual({ A: "1", B: null });
    expect(environmentOf("C=", {})).toEqual({ C: "" });
    expect(() => environmentOf("=x", {})).toThrow("KEY");
    expect(labelOf("a=b=c", { x: "y" })).toEqual({ x: "y", a: "b=c" });
  });

  it("understands moments as dates, Unix times and how long ago", () => {
    expect(momentOf("2026-01-31T10:00:00Z")).toBe(Date.UTC(2026, 0, 31, 10));
    expect(momentOf("1700000000.5")).toBe(1_700_000_000_500);
    const tenMinutesAgo = Date.now() - 600_000;
    expect(Math.abs(momentOf("10m") - tenMinutesAgo)).toBeLessThan(1000);
    expect(() => momentOf("yesterday")).toThrow("date");
  });

  it("reads --tail", () => {
    expect(tailLines("all")).toBe(Number.POSITIVE_INFINITY);
    expect(tailLines("0")).toBe(0);
    expect(tailLines("-1")).toBe(Number.POSITIVE_INFINITY);
  });

  it("checks signals", () => {
    expect(signalOf("SIGHUP")).toBe("SIGHUP");
    expect(signalOf("usr1")).toBe("usr1");
    expect(() => signalOf("SIGNOPE")).toThrow("signal");
  });
});
