import type { Roots } from "../../lib/paths.ts";
import type { ObservedContainer } from "../../project/index.ts";
import { formerContainers, formerDirectory } from "../../runtime/index.ts";

/** By name of a container: where the logs of those are that it has replaced, oldest first. */
export type Predecessors = ReadonlyMap<string, readonly string[]>;

/** What is left of the containers that had the places of these. */
export function predecessors(roots: Roots, containers: readonly ObservedContainer[]): Predecessors {
  const found = new Map<string, string[]>();
  for (const project of new Set(containers.map(({ record }) => record.project))) {
    for (const { id, name } of formerContainers(roots, project)) {
      found.set(name, [...(found.get(name) ?? []), formerDirectory(roots, project, id)]);
    }
  }
  return found;
}
