import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import schema from "../../schemas/compose.schema.json" with { type: "json" };
import { schemaAt, typesOf } from "../../src/compose/schema/lookup.ts";

const root = join(import.meta.dirname, "../..");

describe("the schema", () => {
  it("is what the checked-in validator was compiled from", () => {
    const script = join(root, "scripts/generate-validators.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("has the attributes of the Compose specification of 2026, and the older container_name and links", () => {
    expect(Object.keys(schema.$defs.service.properties)).toHaveLength(93);
  });

  it("uses no keyword that has no explanation", () => {
    const explained = [
      "type",
      "additionalProperties",
      "required",
      "enum",
      "pattern",
      "uniqueItems",
      "minimum",
      "maximum",
    ];
    const structural = [
      "$schema",
      "$id",
      "$ref",
      "$defs",
      "title",
      "description",
      "properties",
      "patternProperties",
      "items",
    ];
    const used = new Set<string>();
    const visit = (node: unknown, isKeywords: boolean): void => {
      if (typeof node !== "object" || node === null || Array.isArray(node)) return;
      for (const [key, value] of Object.entries(node)) {
        if (isKeywords) used.add(key);
        visit(value, !isKeywords || !["properties", "patternProperties", "$defs"].includes(key));
      }
    };
    visit(schema, true);
    expect([...used].filter((key) => !explained.includes(key) && !structural.includes(key))).toEqual([]);
  });

  it("can be asked for the types at a path", () => {
    expect(typesOf(schemaAt(["services", "web", "ports", 0]))).toEqual(["number", "string", "object"]);
    expect(typesOf(schemaAt(["services", "web", "healthcheck", "interval"]))).toEqual(["string"]);
    expect(schemaAt(["services", "web", "nope"])).toBeUndefined();
    expect(schemaAt(["services", "web", "constructor"])).toBeUndefined();
  });
});
