import type { GraphService } from "../../../compose/index.ts";
import { conditionLabel } from "./condition-word.ts";

/** The graph in Graphviz's language (https://graphviz.org/doc/info/lang.html); levels are ranks, optional edges dashed. */
export function graphDot(services: readonly GraphService[]): string {
  const levels = new Map<number, string[]>();
  for (const { name, level } of services) levels.set(level, [...(levels.get(level) ?? []), quoted(name)]);
  const ranks = [...levels.values()].map((names) => `  { rank=same; ${names.join("; ")} }`);
  const edges = services.flatMap(({ name, dependsOn }) =>
    dependsOn.map(({ service, condition, required }) => {
      const style = required ? "" : ", style=dashed";
      return `  ${quoted(name)} -> ${quoted(service)} [label=${quoted(conditionLabel(condition))}${style}]`;
    }),
  );
  const head = ["digraph services {", "  rankdir=RL", "  node [shape=box]"];
  return `${[...head, ...ranks, ...edges, "}"].join("\n")}\n`;
}

const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
