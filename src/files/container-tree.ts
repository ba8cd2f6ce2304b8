import { join } from "node:path";
import { TreeProcess } from "../image/index.ts";
import { GantryError } from "../lib/diagnostic.ts";
import { containerDirectory, type Roots } from "../lib/paths.ts";
import { readStartTime } from "../lib/process-identity.ts";
import type { ObservedContainer } from "../project/index.ts";
import {
  type HeldTree,
  holdContainer,
  holdContainerLayers,
  holdImageOf,
  readStatus,
} from "../runtime/index.ts";
import { HeldDirectory } from "./held-directory.ts";

/** Lets `use` work on the files of a container as its programs see them, volumes included; it need not run. */
export async function withContainerTree<Result>(
  roots: Roots,
  container: ObservedContainer,
  use: (root: HeldDirectory) => Promise<Result>,
): Promise<Result> {
  const { record, state } = container;
  const { process } = readStatus(roots, record.id, state, () => false);
  if (!process) return withHeldTree(await holdContainer(roots, record), use);
  using root = rootOf(process, record.name);
  return await use(root);
}

/** The same with what belongs to the container alone: its file system without volumes, as it is now, to be read. */
export async function withContainerLayers<Result>(
  roots: Roots,
  { record }: ObservedContainer,
  use: (root: HeldDirectory) => Promise<Result>,
): Promise<Result> {
  return withHeldTree(await holdContainerLayers(roots, record), use);
}

/** The same with the files of the image that the container was made from. */
export async function withImageTree<Result>(
  roots: Roots,
  { record }: ObservedContainer,
  use: (root: HeldDirectory) => Promise<Result>,
): Promise<Result> {
  const held = await holdImageOf(roots, record);
  if (held) return withHeldTree(held, use);
  using root = HeldDirectory.open(record.image.layerDirectories[0]!);
  return await use(root);
}

/** What the container has changed, as overlayfs keeps it. */
export const changedDirectory = (roots: Roots, { record }: ObservedContainer): HeldDirectory =>
  HeldDirectory.open(join(containerDirectory(roots, record.id), "upper"));

async function withHeldTree<Result>(
  { holder, path }: HeldTree,
  use: (root: HeldDirectory) => Promise<Result>,
): Promise<Result> {
  await using helper = new TreeProcess(holder.child);
  using root = HeldDirectory.open(path);
  const result = await use(root);
  await helper.finish();
  return result;
}

/** The start time is read once the directory in /proc is held: from then on the pid cannot be another process's. */
function rootOf(process: { readonly pid: number; readonly startTime: number }, name: string): HeldDirectory {
  try {
    using held = HeldDirectory.open(`/proc/${process.pid}`);
    if (readStartTime(process.pid) === process.startTime) return HeldDirectory.open(`${held.path}/root`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ESRCH") throw error;
  }
  throw new GantryError("container-gone", `${name} has ended just now`, { hint: "Try it again." });
}
