import { lstatSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { collectGarbage, type ImageStore } from "../../image/index.ts";
import { ownedName } from "../../lib/owned-name.ts";
import { removeTree } from "../engine/remove-tree.ts";
import { sweepBuilds } from "../engine/workspace.ts";

/** One thing the build cache keeps. */
export type CacheItem = {
  readonly kind: "step" | "mount";
  /** A step's key, a cache mount's directory. */
  readonly id: string;
  /** The step as progress showed it. */
  readonly description: string;
  /** Bytes that go with it; 0 for a layer that an image has too. */
  readonly size: number;
  /** Unix milliseconds. */
  readonly used: number;
};

/** What the build cache keeps, the longest unused first. */
export function cacheItems(store: ImageStore): CacheItem[] {
  return [...stepItems(store), ...mountItems(store)].sort((one, other) => one.used - other.used);
}

/** What is to go so that the rest is no larger than `keep` bytes: the longest unused first. */
export function itemsToPrune(items: readonly CacheItem[], keep: number): CacheItem[] {
  let left = items.reduce((sum, { size }) => sum + size, 0);
  return items.filter(({ size }) => {
    if (left <= keep && keep > 0) return false;
    left -= size;
    return true;
  });
}

/** Removes what is longest unused until the rest is no larger than `keep` bytes, 0 for everything. */
export async function pruneBuildCache(store: ImageStore, keep: number): Promise<readonly CacheItem[]> {
  await sweepBuilds(store.roots, store.helper);
  const pruned = itemsToPrune(cacheItems(store), keep);
  store.database.durableTransaction(() => {
    for (const { kind, id } of pruned) {
      if (kind === "step") store.database.run("DELETE FROM build_steps WHERE key = ?", id);
    }
  });
  for (const { kind, id } of pruned) if (kind === "mount") await removeMount(store, id);
  await collectGarbage(store);
  return pruned;
}

type StepRow = {
  readonly key: string;
  readonly description: string;
  readonly size: number;
  readonly used: number;
};

function stepItems({ database }: ImageStore): CacheItem[] {
  const sql = `SELECT key, description, used,
      CASE WHEN chain_id IN (SELECT chain_id FROM image_layers) THEN 0 ELSE size END AS size FROM build_steps`;
  return database.all<StepRow>(sql).map(({ key, ...row }) => ({ kind: "step", id: key, ...row }));
}

const mountsDirectory = ({ roots }: ImageStore) => join(roots.data, "build-caches");

function mountItems(store: ImageStore): CacheItem[] {
  const directory = mountsDirectory(store);
  return namesIn(directory)
    .filter((name) => !name.startsWith("."))
    .map((id) => {
      const content = join(directory, id, "content");
      const used = lstatSync(join(directory, id)).mtimeMs;
      return { kind: "mount", id, description: "cache mount", size: sizeBelow(content), used } as const;
    });
}

function sizeBelow(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeBelow(join(path, name)), 0);
}

/** Out of sight first: a step that has it mounted goes on with it. */
async function removeMount(store: ImageStore, id: string): Promise<void> {
  const directory = mountsDirectory(store);
  const hidden = join(directory, ownedName("removed"));
  renameSync(join(directory, id), hidden);
  await removeTree(store.helper, hidden);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
