import { describe, expect, it } from "vitest";
import { logPrefixes } from "../../../src/cli/render/log-prefix.ts";
import { choosePaint, noPaint } from "../../../src/cli/render/paint.ts";

describe("logPrefixes", () => {
  it("aligns the names", () => {
    const prefix = logPrefixes(["web-1", "database-1"], ["web", "database"], noPaint);
    expect(prefix("web-1", "web")).toBe("web-1       | ");
    expect(prefix("database-1", "database")).toBe("database-1  | ");
  });

  it("widens for a container that comes later", () => {
    const prefix = logPrefixes(["web-1"], ["web"], noPaint);
    expect(prefix("web-10", "web")).toBe("web-10  | ");
    expect(prefix("web-1", "web")).toBe("web-1   | ");
  });

  it("gives a service the same colour whichever services are shown", () => {
    const paint = choosePaint("always", true, {});
    const all = logPrefixes(["a-1", "b-1", "c-1"], ["c", "a", "b"], paint);
    const one = logPrefixes(["b-1"], ["a", "b", "c"], paint);
    expect(one("b-1", "b")).toBe(all("b-1", "b"));
    expect(all("a-1", "a")).not.toBe(all("b-1", "b").replace("b-1", "a-1"));
  });
});
