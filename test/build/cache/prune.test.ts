import { expect, it } from "vitest";
import { type CacheItem, itemsToPrune } from "../../../src/build/cache/prune.ts";

const item = (id: string, size: number): CacheItem => ({ kind: "step", id, description: "", size, used: 0 });
const items = [item("oldest", 5), item("shared", 0), item("middle", 10), item("newest", 3)];
const pruned = (keep: number) => itemsToPrune(items, keep).map(({ id }) => id);

it("prunes the longest unused until the rest fits", () => {
  expect(pruned(100)).toEqual([]);
  expect(pruned(18)).toEqual([]);
  expect(pruned(17)).toEqual(["oldest"]);
  expect(pruned(3)).toEqual(["oldest", "shared", "middle"]);
  expect(pruned(0)).toEqual(["oldest", "shared", "middle", "newest"]);
});
