import { describe, expect, it } from "vitest";
import { DEFAULT_DETACH_KEYS, DetachKeys, parseDetachKeys } from "../../../src/cli/attached/detach-keys.ts";

describe("detach keys", () => {
  it.each([
    ["ctrl-p,ctrl-q", [0x10, 0x11]],
    ["ctrl-@", [0]],
    ["ctrl-[,a", [0x1b, 0x61]],
    ["CTRL-A", [1]],
  ])("%s", (text, bytes) => {
    expect(parseDetachKeys(text)).toEqual(bytes);
  });

  it.each(["", "ctrl-", "ctrl-1", "ab", "a,,b", "é"])("%s is refused", (text) => {
    expect(() => parseDetachKeys(text)).toThrow(/It must be keys/);
  });

  it("are found across pieces, and what only began like them goes on", () => {
    const keys = new DetachKeys(DEFAULT_DETACH_KEYS);
    const feed = (...bytes: number[]) => {
      const { pass, leaves } = keys.filter(Uint8Array.from(bytes));
      return [[...pass], leaves];
    };
    expect(feed(0x61, 0x10)).toEqual([[0x61], false]);
    expect(feed(0x62)).toEqual([[0x10, 0x62], false]);
    expect(feed(0x10, 0x10)).toEqual([[0x10], false]);
    expect(feed(0x11, 0x63)).toEqual([[], true]);
  });
});
