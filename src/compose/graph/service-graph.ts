import type { DependsOn, Project } from "../model.ts";
import { dependencyGraph } from "./dependency-graph.ts";

/** A service, how many steps of waiting come before it, and what it waits for. */
export type GraphService = {
  readonly name: string;
  /** 1 for what depends on nothing; else one more than the highest of its dependencies. */
  readonly level: number;
  readonly dependsOn: readonly ({ readonly service: string } & DependsOn)[];
};

/** The services in the order they start, each after all it depends on, by level and then by name. */
export function serviceGraph(project: Pick<Project, "services">): GraphService[] {
  const levels = new Map<string, number>();
  const services = dependencyGraph(project)
    .overallOrder()
    .map((name): GraphService => {
      const dependencies = Object.entries(project.services[name]?.depends_on ?? {});
      // What is optional and not active is not waited for.
      const dependsOn = dependencies
        .filter(([service]) => project.services[service])
        .map(([service, how]) => ({ service, ...how }));
      const level = 1 + Math.max(0, ...dependsOn.map(({ service }) => levels.get(service) ?? 0));
      levels.set(name, level);
      return { name, level, dependsOn };
    });
  return services.sort((one, other) => one.level - other.level || (one.name < other.name ? -1 : 1));
}
