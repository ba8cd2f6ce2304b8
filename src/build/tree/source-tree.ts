import { type BigIntStats, lstatSync, readdirSync } from "node:fs";
import type { TreeAttributes } from "../../image/index.ts";
import type { FileDigests } from "../cache/file-digests.ts";
import { IgnoreRules } from "../context/ignore.ts";
import { onDisk, textOf } from "./byte-path.ts";

/** Files that something is copied from: a directory of the host, or the stacked layers of a stage. */
export type SourceTree = {
  /** As this process reaches it. */
  readonly root: string;
  /** What is not there for builds (.dockerignore). */
  readonly ignore: IgnoreRules;
  /** Files of a context belong to nobody in particular, and get 0:0. */
  readonly keepOwners: boolean;
  readonly attributes: TreeAttributes;
  /** Remembers digests of its files, where they are worth it. */
  readonly digests?: FileDigests;
  /** For messages: "the build context", "stage builder". */
  readonly name: string;
};

/** One thing in a tree. */
export type TreeEntry = {
  /** Byte string relative to the root; "" is the root itself. */
  readonly path: string;
  readonly stats: BigIntStats;
};

/** A tree of a directory of the host. */
export function hostTree(root: string, patterns: readonly string[], name: string): SourceTree {
  return { root, ignore: new IgnoreRules(patterns), keepOwners: false, attributes: new Map(), name };
}

/** The entry at a path, and everything below it in order, without what is ignored; parents come first. */
export function* walkTree(tree: SourceTree, path: string): Generator<TreeEntry> {
  const stats = lstatSync(path === "" ? Buffer.from(tree.root) : onDisk(tree.root, path), { bigint: true });
  const ignored = path !== "" && tree.ignore.ignores(textOf(path));
  if (ignored && !(stats.isDirectory() && tree.ignore.hasExceptions)) return;
  if (!ignored) yield { path, stats };
  if (stats.isDirectory()) for (const name of namesIn(tree, path)) yield* walkTree(tree, join(path, name));
}

/** Names in a directory, sorted. */
export function namesIn(tree: SourceTree, path: string): string[] {
  return readdirSync(path === "" ? tree.root : onDisk(tree.root, path), { encoding: "latin1" }).sort();
}

export const join = (parent: string, name: string): string => (parent === "" ? name : `${parent}/${name}`);
