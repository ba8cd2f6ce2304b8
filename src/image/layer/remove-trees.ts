import { basename, dirname } from "node:path";
import type { ImageStore } from "../store.ts";
import { TreeProcess } from "./tree-process.ts";

/**
 * Removes directories and all beneath them. The helper does it: fast, and along descriptors, so that nothing in a
 * hostile tree is too deep or leads elsewhere.
 */
export async function removeTrees(
  store: Pick<ImageStore, "helper">,
  paths: readonly string[],
): Promise<void> {
  if (paths.length === 0) return;
  await using helper = new TreeProcess(store.helper);
  for (const path of paths) {
    const [root, name] = [dirname(path), basename(path)].map((part) => Buffer.from(part).toString("latin1"));
    helper.send({ op: "tree_remove", root: root!, path: name! });
    await helper.ready();
  }
  await helper.finish();
}
