import { readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { Database } from "../lib/database.ts";
import { isAbandoned, isOwnedName, ownedName } from "../lib/owned-name.ts";
import { dropDeadHolds } from "./content/hold.ts";
import { removeTrees } from "./layer/remove-trees.ts";
import { blobsDirectory, hexOf, type ImageStore, layersDirectory } from "./store.ts";

/**
 * Removes the layers and blobs that no image refers to and no running command holds, and what killed commands left.
 * Whoever adds an image and whoever removes one calls it afterwards. Safe beside others doing anything at all: what
 * goes is decided, and taken out of sight, within a transaction.
 */
export async function collectGarbage(store: ImageStore): Promise<void> {
  const { database } = store;
  dropDeadHolds(database);
  const trees = database.transaction(() => {
    removeUnusedBlobs(store);
    return hideUnusedLayers(store);
  });
  await removeTrees(store, trees);
}

/** Renames unused layers out of sight, and tells what is to be removed. */
function hideUnusedLayers({ roots, database, layersInUse }: ImageStore): string[] {
  // Looked up here, within the transaction: who makes a container holds its layers until its record names them.
  const inUse = [...layersInUse()].map((path) => `sha256:${basename(path)}`);
  const sql = `DELETE FROM layers WHERE chain_id NOT IN (SELECT chain_id FROM image_layers)
    AND chain_id NOT IN (SELECT key FROM holds WHERE kind = 'layer')
    AND chain_id NOT IN (SELECT chain_id FROM build_steps)
    AND chain_id NOT IN (SELECT value FROM json_each(?))`;
  database.run(sql, JSON.stringify(inUse));
  const used = keys(
    database,
    "SELECT chain_id AS key FROM layers UNION SELECT key FROM holds WHERE kind = 'layer'",
  );
  const directory = layersDirectory(roots);
  const trees: string[] = [];
  for (const name of namesIn(directory)) {
    if (!isAbandoned(name) && (isOwnedName(name) || used.has(name))) continue;
    // Under a name of our own, so that nobody else removes it at the same time.
    const hidden = join(directory, ownedName("removed"));
    renameSync(join(directory, name), hidden);
    trees.push(hidden);
  }
  return trees;
}

function removeUnusedBlobs({ roots, database }: ImageStore): void {
  const used = keys(
    database,
    `SELECT blob AS key FROM image_layers UNION SELECT id FROM images
      UNION SELECT manifest FROM images WHERE manifest IS NOT NULL
      UNION SELECT key FROM holds WHERE kind = 'blob' UNION SELECT blob FROM build_steps`,
  );
  const directory = blobsDirectory(roots);
  for (const name of namesIn(directory)) {
    if (isAbandoned(name) || !(isOwnedName(name) || used.has(name))) rmSync(join(directory, name));
  }
}

function keys(database: Database, sql: string): Set<string> {
  return new Set(database.all<{ key: string }>(sql).map((row) => hexOf(row.key)));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
