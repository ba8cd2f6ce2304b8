import { basename, dirname } from "node:path";
import { TreeProcess } from "../../image/index.ts";

/** Removes a directory and all beneath it, along descriptors: what a build has made may be deep and hostile. */
export async function removeTree(helper: string, path: string): Promise<void> {
  await using tree = new TreeProcess(helper);
  const [root, name] = [dirname(path), basename(path)].map((part) => Buffer.from(part).toString("latin1"));
  tree.send({ op: "tree_remove", root: root!, path: name! });
  await tree.finish();
}
