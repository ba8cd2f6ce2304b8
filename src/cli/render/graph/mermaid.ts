import type { GraphService } from "../../../compose/index.ts";
import { conditionLabel } from "./condition-word.ts";

/** The graph as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html); optional edges are dotted. */
export function graphMermaid(services: readonly GraphService[]): string {
  // Words such as "end" are no identifiers in Mermaid, so nodes are numbered, and named in their labels.
  const ids = new Map(services.map(({ name }, index) => [name, `s${index}`]));
  const nodes = services.map(({ name }) => `  ${ids.get(name)}["${name}"]`);
  const edges = services.flatMap(({ name, dependsOn }) =>
    dependsOn.map(({ service, condition, required }) => {
      const arrow = required ? "-->" : "-.->";
      return `  ${ids.get(name)} ${arrow}|${conditionLabel(condition)}| ${ids.get(service)}`;
    }),
  );
  return `${["flowchart LR", ...nodes, ...edges].join("\n")}\n`;
}
