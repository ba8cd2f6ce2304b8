import type { Roots } from "../lib/paths.ts";
import { ContainerCgroup, readContainers, readStatus } from "../runtime/index.ts";
import type { ObservedContainer } from "./observed.ts";

/** The containers of a project as they are on disk and in /proc: no supervisor is asked. */
export function projectContainers(roots: Roots, project: string): ObservedContainer[] {
  return readContainers(roots, project).map(({ record, state }) => {
    const isFrozen = () => new ContainerCgroup(`/gantry/${project}/${record.id}`).isFrozen;
    const { status, exit } = readStatus(roots, record.id, state, isFrozen);
    return { record, state, status, exit };
  });
}
