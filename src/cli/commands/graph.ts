import { Option } from "commander";
import { type GraphService, serviceGraph } from "../../compose/index.ts";
import { loadModel } from "../load/load-model.ts";
import { graphDot } from "../render/graph/dot.ts";
import { graphMermaid } from "../render/graph/mermaid.ts";
import { graphSvg } from "../render/graph/svg.ts";
import { graphText } from "../render/graph/text.ts";
import { defineVerb } from "../verb.ts";

/** How the graph can be shown. */
const RENDERERS = {
  text: graphText,
  mermaid: graphMermaid,
  dot: graphDot,
  svg: graphSvg,
  json: (services: readonly GraphService[]) => `${JSON.stringify(services, undefined, 2)}\n`,
} as const;

/** `gantry graph` */
export const graph = defineVerb<{ readonly format: keyof typeof RENDERERS }>({
  name: "graph",
  summary: "Show which service waits for which, and in what order they start",
  unprivileged: true,
  declare: (command) =>
    command
      .argument("[services...]", "Only these, and what they depend on")
      .addOption(
        new Option("--format <format>", "Format of the output")
          .choices(Object.keys(RENDERERS))
          .default("text"),
      ),
  run: (session, names, { format }) => {
    const services = serviceGraph(loadModel(session, { services: names }).project);
    session.stdout.write(RENDERERS[format](names.length > 0 ? reachable(services, names) : services));
    return undefined;
  },
});

/** The named services and all they depend on, in the same order. */
function reachable(services: readonly GraphService[], names: readonly string[]): GraphService[] {
  const wanted = new Set(names);
  // Dependencies come before their dependents, so one pass from the end finds all.
  for (const { name, dependsOn } of services.toReversed()) {
    if (wanted.has(name)) for (const { service } of dependsOn) wanted.add(service);
  }
  return services.filter(({ name }) => wanted.has(name));
}
