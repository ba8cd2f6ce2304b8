import type { KeyPath } from "../document/key-path.ts";
import type { MapEntry, Node, Origin, ScalarNode } from "../document/node.ts";
import { sourcesOf, type Variables } from "../environment/variables.ts";
import { type Report, relatedPlace } from "../report.ts";
import { substitute, type TemplateProblem } from "./template.ts";

/** Of one value. Each is looked for in its text, which may be megabytes. */
const mostProblems = 100;

export type InterpolateContext = {
  readonly variables: Variables;
  readonly report: Report;
  /** Unset variables already warned about: once each is enough. */
  readonly warned: Set<string>;
};

/** Replaces the variables in every string value of a document. Keys are left as they are. */
export function interpolate(node: Node, context: InterpolateContext, path: KeyPath = []): Node | undefined {
  if (node.kind === "scalar") return interpolateScalar(node, context, path);
  if (node.kind === "list") {
    const items = node.items.flatMap((item, index) => interpolate(item, context, [...path, index]) ?? []);
    return { ...node, items };
  }
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    const result = interpolate(entry.node, context, [...path, key]);
    if (result) entries.set(key, result === entry.node ? entry : { key: entry.key, node: result });
  }
  return { ...node, entries };
}

// A value that cannot be computed is taken out: an empty one would only raise questions further on.
function interpolateScalar(node: ScalarNode, context: InterpolateContext, path: KeyPath): Node | undefined {
  if (typeof node.value !== "string" || !node.value.includes("$")) return node;
  const { value, variables, problems } = substitute(node.value, (name) => context.variables.get(name));
  for (const problem of problems.slice(0, mostProblems)) reportProblem(problem, node.origin, path, context);
  if (problems.some((problem) => problem.kind !== "unset")) return undefined;
  if (variables.length === 0) return { ...node, value };
  for (const { name } of variables) warnShadowed(name, node.origin, path, context);
  const uses = variables.map((one) => ({ ...one, sources: sourcesOf(context.variables, one.name) }));
  return { ...node, value, origin: { ...node.origin, variables: uses } };
}

function reportProblem(
  problem: TemplateProblem,
  origin: Origin,
  path: KeyPath,
  { report, warned }: InterpolateContext,
): void {
  const at = { origin: fragmentOrigin(problem.fragment, origin), path };
  switch (problem.kind) {
    case "syntax":
      report.error({ code: "interpolation-syntax", message: problem.message, hint: problem.hint, ...at });
      return;
    case "required": {
      const reason = problem.reason ? `: ${problem.reason}` : "";
      const message = `the variable ${problem.name} is required${reason}`;
      const hint = `set it in the environment or in .env: ${problem.name}=…`;
      report.error({ code: "variable-required", message, hint, ...at });
      return;
    }
    case "unset": {
      if (warned.has(problem.name)) return;
      warned.add(problem.name);
      const message = `the variable ${problem.name} is not set; an empty string is used`;
      const hint = `set it, give a default with \${${problem.name}:-value}, or write $$ for a dollar sign`;
      report.warning({ code: "variable-unset", message, hint, ...at });
    }
  }
}

// The written text differs from the value where it is escaped or folded; then the whole value is pointed at.
function fragmentOrigin(fragment: string, origin: Origin): Origin {
  const { source, start, end } = origin;
  const at = source.text.slice(start, end).indexOf(fragment);
  return at === -1 ? origin : { source, start: start + at, end: start + at + fragment.length };
}

/** A value of .env that the environment of the command hides is the first thing people look for, and the last. */
function warnShadowed(
  name: string,
  origin: Origin,
  path: KeyPath,
  { variables, report, warned }: InterpolateContext,
): void {
  const [used, hidden] = sourcesOf(variables, name);
  const place = hidden?.origin;
  if (used?.from !== "shell" || !place || hidden.value === used.value || warned.has(name)) return;
  warned.add(name);
  report.warning({
    code: "variable-shadowed",
    message: `the variable ${name} has another value in the environment of the command, which counts`,
    origin: fragmentOrigin(`\${${name}}`, origin),
    path,
    hint: `unset ${name} to have the value of the file, or take it out of the file`,
    related: [relatedPlace("the value that does not count", place)],
  });
}
