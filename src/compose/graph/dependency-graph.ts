import { DepGraph } from "dependency-graph";
import type { Project } from "../model.ts";

/**
 * The services of a project and what they depend on: `overallOrder()` is the order to start in, `dependenciesOf` and
 * `dependantsOf` answer the rest. Loading has refused circles, so asking never fails.
 */
export function dependencyGraph(project: Pick<Project, "services">): DepGraph<undefined> {
  const graph = new DepGraph<undefined>();
  for (const name of Object.keys(project.services)) graph.addNode(name);
  for (const [name, service] of Object.entries(project.services)) {
    for (const dependency of Object.keys(service.depends_on ?? {})) {
      // A dependency that is not required may belong to a profile that is not active.
      if (graph.hasNode(dependency)) graph.addDependency(name, dependency);
    }
  }
  return graph;
}
