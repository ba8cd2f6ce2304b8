import { isObject } from "../oci.ts";
import type { ImageCatalog } from "../store.ts";
import { imageRow, requireImage } from "./find.ts";
import { layersOf } from "./resolve.ts";

/** One step of how an image came to be, as its configuration tells; the newest first. */
export type HistoryStep = {
  readonly created: string | undefined;
  readonly createdBy: string;
  readonly comment: string;
  /** Bytes of the layer it made, unpacked; 0 when it made none. */
  readonly size: number;
};

/** The steps of an image, the newest first; empty when the image does not tell. */
export function imageHistory({ database }: ImageCatalog, name: string): HistoryStep[] {
  const { id } = requireImage(database, name);
  const { history = [] } = JSON.parse(imageRow(database, id).configuration) as { history?: unknown[] };
  const layers = layersOf(database, id).map((chainId) => {
    return database.get<{ size: number }>("SELECT size FROM layers WHERE chain_id = ?", chainId)?.size ?? 0;
  });
  const steps = history.filter(isObject).map((step): HistoryStep => {
    const text = (key: string) => (typeof step[key] === "string" ? step[key] : "");
    const size = step["empty_layer"] === true ? 0 : (layers.shift() ?? 0);
    return {
      created: text("created") || undefined,
      createdBy: text("created_by"),
      comment: text("comment"),
      size,
    };
  });
  return steps.reverse();
}
