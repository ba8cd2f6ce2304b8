import type { Op } from "../../../src/lib/launch-plan/index.ts";

/** A plan with one line an operation: its name and the values of its fields. */
export function printPlan(plan: readonly Op[]): string {
  return plan.map(({ op, ...fields }) => [op, ...Object.values(fields).map(printValue)].join(" ")).join("\n");
}

function printValue(value: unknown): string {
  if (typeof value === "bigint") return `0x${value.toString(16)}`;
  if (value instanceof Uint8Array) return "<bytes>";
  if (Array.isArray(value)) return `[${value.join(",")}]`;
  return value === "" ? "-" : String(value);
}
