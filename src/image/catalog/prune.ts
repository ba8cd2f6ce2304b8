import { collectGarbage } from "../collect.ts";
import type { ImageStore } from "../store.ts";
import { referencesOf } from "./find.ts";
import type { ImageUsers, RemovedImage } from "./remove.ts";

export type PruneOptions = {
  /** Also images that have names, when no container uses them. */
  readonly all: boolean;
  readonly usedBy: ImageUsers;
  /** Only these, by id. */
  readonly among?: ReadonlySet<string>;
  /** Only images stored before this, in Unix milliseconds. */
  readonly before?: number;
};

/** Removes the images that nobody has a use for: without a name, and no container of theirs. */
export async function pruneImages(
  store: ImageStore,
  { all, usedBy, among, before = Number.POSITIVE_INFINITY }: PruneOptions,
): Promise<RemovedImage & { readonly reclaimed: number }> {
  const { database } = store;
  const sizeBefore = layerBytes(store);
  const removed = database.durableTransaction(() => {
    const rows = database.all<{ id: string; stored: number }>("SELECT id, stored FROM images");
    const unused = rows.filter(
      ({ id, stored }) => !usedBy.has(id) && stored < before && (among?.has(id) ?? true),
    );
    const gone = unused
      .map(({ id }) => ({ id, names: referencesOf(database, id) }))
      // What is only known by digest was replaced by a later pull of its tag.
      .filter(({ names }) => all || names.every((name) => name.includes("@")));
    for (const { id } of gone) database.run("DELETE FROM images WHERE id = ?", id);
    return { untagged: gone.flatMap(({ names }) => names), deleted: gone.map(({ id }) => id) };
  });
  await collectGarbage(store);
  return { ...removed, reclaimed: sizeBefore - layerBytes(store) };
}

const layerBytes = ({ database }: ImageStore): number =>
  database.get<{ sum: number }>("SELECT coalesce(sum(size), 0) AS sum FROM layers")!.sum;
