import type { Roots } from "../lib/paths.ts";
import { ContainerCgroup, readContainers, readStatus } from "../runtime/index.ts";
import type { ObservedContainer } from "./observed.ts";

/** The containers of a project as the disk and the processes there are tell; no supervisor is asked. */
export function projectContainers(roots: Roots, name: string): ObservedContainer[] {
  return readContainers(roots, name).map(({ record, state }) => {
    const isFrozen = () => ContainerCgroup.of(record).isFrozen;
    const { status, exit } = readStatus(roots, record.id, state, isFrozen);
    return { record, state, status, exit };
  });
}

/** Directories of the image layers that containers stand on, over all projects. */
export function layersInUse(roots: Roots): string[] {
  return readContainers(roots).flatMap(({ record }) => record.image.layerDirectories);
}
