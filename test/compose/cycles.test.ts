import { describe, expect, it } from "vitest";
import { errors } from "./support/load-text.ts";

const chain = (names: string) =>
  names.split(" ").map((edge) => `  ${edge[0]}: {image: x, depends_on: [${[...edge.slice(1)].join(", ")}]}`);

describe("circles of dependencies", () => {
  it("are each named in full", () => {
    const text = `services:\n${chain("ab bc ca de ed fa").join("\n")}\n`;
    expect(errors(text).map((error) => error.replace(/^\S+ /, ""))).toEqual([
      "cycle: services depend on each other in a circle: a → b → c → a",
      "cycle: services depend on each other in a circle: d → e → d",
    ]);
  });

  it("are found once each, however they are entered", () => {
    expect(errors(`services:\n${chain("ab bc cbd dc").join("\n")}\n`)).toHaveLength(1);
    expect(errors(`services:\n${chain("aa").join("\n")}\n`)[0]).toContain("a → a");
  });
});
