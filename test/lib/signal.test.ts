import { describe, expect, it } from "vitest";
import { signalName, signalNumber } from "../../src/lib/signal.ts";

describe("signalNumber", () => {
  it.each([
    ["SIGTERM", 15],
    ["term", 15],
    ["SIGKILL", 9],
    ["9", 9],
    ["SIGRTMIN", 34],
    ["SIGRTMIN+3", 37],
    ["RTMAX-1", 63],
    ["SIGWINCH", 28],
  ])("%s is %i", (text, number) => {
    expect(signalNumber(text)).toBe(number);
  });

  it.each(["", "SIGNOPE", "0", "65", "SIGRTMIN-1", "SIGRTMAX+1", "1.5"])("%j is none", (text) => {
    expect(signalNumber(text)).toBeUndefined();
  });
});

describe("signalName", () => {
  it("names what has a name", () => {
    expect(signalName(15)).toBe("SIGTERM");
    expect(signalName(37)).toBe("signal 37");
  });
});
