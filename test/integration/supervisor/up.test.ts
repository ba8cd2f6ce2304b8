import { describe, expect, it } from "vitest";
import { Shop } from "./shop.ts";

describe("a project of real containers", () => {
  it("comes up, stays as it is, and goes without a trace", async () => {
    await using shop = new Shop("up");
    const first = await shop.up({ web: {} });
    expect(first).toHaveLength(1);
    expect(shop.told()).toEqual([
      "network up_default creating",
      "network up_default created",
      "container up-web-1 creating",
      "container up-web-1 created",
      "container up-web-1 starting",
      "container up-web-1 started",
    ]);
    expect(await shop.up({ web: {} })).toEqual(first);
    expect(shop.told().at(-1)).toBe("container up-web-1 running");
    await shop.down();
    expect(shop.leftovers()).toEqual([]);
  });
});
