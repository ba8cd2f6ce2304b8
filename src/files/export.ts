import { readAttributes } from "../image/index.ts";
import { helperPath } from "../lib/helper-path.ts";
import type { Roots } from "../lib/paths.ts";
import type { ObservedContainer } from "../project/index.ts";
import { archiveTree } from "./archive-tree.ts";
import { withContainerLayers } from "./container-tree.ts";

/** Hands a tar of a container's file system to `use`: image and changes as one tree, without what volumes hold. */
export function exportContainer<Result>(
  roots: Roots,
  container: ObservedContainer,
  use: (archive: AsyncIterable<Buffer>) => Promise<Result>,
): Promise<Result> {
  return withContainerLayers(roots, container, async (root) => {
    const attributes = await readAttributes(helperPath(), root.path);
    const place = { kind: "directory", directory: root, status: root.ownStatus() } as const;
    return use(archiveTree({ place, name: "", text: container.record.name, attributes }));
  });
}
