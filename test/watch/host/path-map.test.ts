import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PathMap } from "../../../src/watch/host/path-map.ts";

const path = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }).map((parts) => parts.join("/"));
const command = fc.oneof(
  fc.record({ type: fc.constant("set" as const), path }),
  fc.record({ type: fc.constant("delete" as const), path }),
  fc.record({ type: fc.constant("clear" as const), path }),
);

const perform = {
  set: (map: PathMap<number>, path: string, value: number) => map.set(path, value),
  delete: (map: PathMap<number>, path: string) => map.delete(path),
  clear: (map: PathMap<number>, path: string) => map.clear(path),
};

const performed = {
  set: (map: Map<string, number>, path: string, value: number) => map.set(path, value),
  delete: (map: Map<string, number>, path: string) => map.delete(path),
  clear: (map: Map<string, number>, path: string) => {
    for (const one of map.keys()) if (isBelow(one, path)) map.delete(one);
  },
};

describe("a map by path", () => {
  it("has what a map of whole paths has, whatever is set, deleted and cleared", () => {
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const map = new PathMap<number>();
        const model = new Map<string, number>();
        for (const [number, { type, path }] of commands.entries()) {
          perform[type](map, path, number);
          performed[type](model, path, number);
        }
        expect(new Map(map.below())).toEqual(model);
        expect(new Map(map.copy().below())).toEqual(model);
        expect(map.size).toBe(model.size);
        for (const one of ["", "a", "a/b"]) {
          expect(map.get(one)).toBe(model.get(one));
          expect(new Map(map.below(one))).toEqual(new Map([...model].filter(([key]) => isBelow(key, one))));
        }
      }),
    );
  });

  it("gives directories before what is in them", () => {
    const map = new PathMap<number>();
    for (const one of ["b/x/y", "b", "a", "b/x", ""]) map.set(one, 1);
    const order = [...map.below()].map(([one]) => one);
    expect(order.indexOf("b")).toBeLessThan(order.indexOf("b/x"));
    expect(order.indexOf("b/x")).toBeLessThan(order.indexOf("b/x/y"));
    expect(order[0]).toBe("");
    expect(map.names("b")).toEqual(["x"]);
  });
});

const isBelow = (one: string, path: string) => path === "" || one === path || one.startsWith(`${path}/`);
