import type { ImageCatalog } from "../store.ts";
import type { ImageUsers } from "./remove.ts";

/** What the images of a store amount to, in bytes; a layer that several images share counts once. */
export type ImageUsage = {
  readonly total: number;
  /** How many of them containers use. */
  readonly active: number;
  readonly size: number;
  /** What would be gone if the images no container uses went. */
  readonly reclaimable: number;
};

/** Sums up the unpacked layers of all images. */
export function imageUsage({ database }: ImageCatalog, usedBy: ImageUsers): ImageUsage {
  const ids = database.all<{ id: string }>("SELECT id FROM images").map(({ id }) => id);
  const used = ids.filter((id) => usedBy.has(id));
  const sumOf = (images: readonly string[]) =>
    database.get<{ sum: number }>(
      `SELECT coalesce(sum(size), 0) AS sum FROM layers WHERE chain_id IN
        (SELECT chain_id FROM image_layers WHERE image IN (SELECT value FROM json_each(?)))`,
      JSON.stringify(images),
    )!.sum;
  const size = sumOf(ids);
  return { total: ids.length, active: used.length, size, reclaimable: size - sumOf(used) };
}
