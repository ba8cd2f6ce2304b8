import { expect, it } from "vitest";
import { orphanPolicy } from "../../../src/cli/load/orphans.ts";

const policy = (variables: Readonly<Record<string, string>>) =>
  orphanPolicy(new Map(Object.entries(variables)));

it("goes by the two variables about orphans, and refuses both at once", () => {
  expect(policy({})).toBe("warn");
  expect(policy({ COMPOSE_REMOVE_ORPHANS: "true" })).toBe("remove");
  expect(policy({ COMPOSE_IGNORE_ORPHANS: "1", COMPOSE_REMOVE_ORPHANS: "false" })).toBe("ignore");
  expect(() => policy({ COMPOSE_IGNORE_ORPHANS: "1", COMPOSE_REMOVE_ORPHANS: "1" })).toThrow("both set");
});
