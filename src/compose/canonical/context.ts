import type { Budget } from "../budget.ts";
import type { KeyPath } from "../document/key-path.ts";
import type { Node } from "../document/node.ts";
import type { Transform } from "../document/transform.ts";
import type { Problem, Report } from "../report.ts";

/** What the rows of the canonical tables need besides the value. */
export type CanonicalContext = {
  readonly report: Report;
  /** False with --no-interpolate: then a value that still has a variable in it cannot be judged. */
  readonly interpolated: boolean;
  readonly budget: Budget;
};

export type CanonicalTransform = Transform<CanonicalContext>;

/** Reports a value that cannot be understood, and removes it. */
export function refuse(
  node: Node,
  path: KeyPath,
  { report }: CanonicalContext,
  problem: Pick<Problem, "message" | "hint"> & Partial<Problem>,
): undefined {
  report.error({ code: "invalid-value", origin: node.origin, path, ...problem });
  return undefined;
}

/** Whether a text has a variable that was not replaced. */
export function hasVariable(text: string, context: CanonicalContext): boolean {
  return !context.interpolated && text.includes("$");
}
