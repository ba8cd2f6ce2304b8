import { chmodSync, chownSync } from "node:fs";
import { join } from "node:path";
import { readAttributes, type StoredLayer, TreeProcess, unpackedLayer } from "../../image/index.ts";
import { holdTree } from "../../runtime/index.ts";
import { IgnoreRules } from "../context/ignore.ts";
import { gather } from "../tree/gather.ts";
import { selectSources } from "../tree/select.ts";
import type { SourceTree } from "../tree/source-tree.ts";
import { TreeWriter, type WriteOptions } from "../tree/write-tree.ts";
import type { Engine } from "./engine.ts";

/** Directories of layers as overlayfs wants them: topmost first. */
export function lowerDirectories(engine: Engine, layers: readonly StoredLayer[]): string[] {
  return layers.map(({ chainId }) => unpackedLayer(engine.services.store, chainId)).reverse();
}

/** The files of stacked layers, for as long as `use` takes. */
export async function withLayerTree<Result>(
  engine: Engine,
  layers: readonly StoredLayer[],
  name: string,
  use: (tree: SourceTree) => Promise<Result>,
): Promise<Result> {
  const { helper } = engine.services.store;
  const treeAt = async (root: string): Promise<SourceTree> => ({
    root,
    ignore: new IgnoreRules([]),
    keepOwners: true,
    attributes: await readAttributes(helper, root),
    name,
  });
  const lower = lowerDirectories(engine, layers);
  const room = engine.workspace.room("merged");
  const place = join(room.path, "merged");
  if (lower.length < 2) return use(await treeAt(lower[0] ?? place));
  const { child, identity } = await holdTree({ lower }, place);
  await using held = new TreeProcess(child);
  const result = await use(await treeAt(`/proc/${identity.pid}/root${place}`));
  await held.finish();
  return result;
}

/** Lets `change` write over stacked layers; gives the directory that holds what has changed. */
export async function changeTree(
  engine: Engine,
  layers: readonly StoredLayer[],
  options: WriteOptions,
  change: (writer: TreeWriter) => Promise<void>,
): Promise<string> {
  const room = engine.workspace.room("upper", "work", "merged");
  const [upper, work, place] = ["upper", "work", "merged"].map((name) => join(room.path, name)) as [
    string,
    string,
    string,
  ];
  const lower = lowerDirectories(engine, layers);
  if (lower.length === 0) {
    await using helper = new TreeProcess(engine.services.store.helper);
    await writeAll(new TreeWriter(helper, upper, upper, options), change);
    return upper;
  }
  const { child, identity } = await holdTree({ lower, upper, work }, place);
  await using helper = new TreeProcess(child);
  await writeAll(new TreeWriter(helper, place, `/proc/${identity.pid}/root${place}`, options), change);
  return upper;
}

async function writeAll(writer: TreeWriter, change: (writer: TreeWriter) => Promise<void>): Promise<void> {
  await change(writer);
  await writer.finish();
}

/** A directory with a copy of what `source` names in a tree, without what is ignored there. */
export async function copyOfTree(engine: Engine, tree: SourceTree, source: string): Promise<string> {
  const entries = selectSources(tree, source).flatMap((selected) => gather(tree, selected, []).entries);
  const copy = await changeTree(engine, [], {}, async (writer) => {
    for (const entry of entries) await writer.write(tree, entry, entry.relative, false);
  });
  const [top] = entries;
  if (top?.stats.isDirectory() && tree.keepOwners) {
    chownSync(copy, Number(top.stats.uid), Number(top.stats.gid));
    chmodSync(copy, Number(top.stats.mode & 0o7777n));
  }
  return copy;
}
