import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { isDigest } from "../digest.ts";
import { normalReference, parseReference } from "../reference.ts";

/** An image's row in the database. */
export type ImageRow = {
  readonly id: string;
  readonly configuration: string;
  readonly architecture: string;
  readonly os: string;
  readonly size: number;
  readonly manifest: string | null;
};

/** An image found, and whether by one of its names (which one) or by its id. */
export type Found = { readonly id: string; readonly reference?: string };

/** Finds an image by its name, its id, or the beginning of its id, in Docker's order. */
export function findImage(database: Database, name: string): Found | undefined {
  if (isDigest(name)) return findByIdPrefix(database, name);
  const reference = referenceIn(name);
  const named =
    reference &&
    database.get<{ image: string }>("SELECT image FROM image_references WHERE reference = ?", reference);
  return named ? { id: named.image, reference } : findByIdPrefix(database, name);
}

/** As findImage; an image that is not there is an error. */
export function requireImage(database: Database, name: string): Found {
  const found = findImage(database, name);
  if (!found) {
    throw new GantryError("image-not-found", `no such image: ${name}`, {
      hint: "`gantry image ls` shows what there is.",
    });
  }
  return found;
}

/** The row of an image that was found. */
export function imageRow(database: Database, id: string): ImageRow {
  const columns = "id, configuration, architecture, os, size, manifest";
  return database.get<ImageRow>(`SELECT ${columns} FROM images WHERE id = ?`, id)!;
}

/** All names of an image, sorted. */
export function referencesOf(database: Database, id: string): string[] {
  const sql = "SELECT reference FROM image_references WHERE image = ? ORDER BY reference";
  return database.all<{ reference: string }>(sql, id).map((row) => row.reference);
}

function findByIdPrefix(database: Database, name: string): Found | undefined {
  const prefix = /^(?:sha256:)?([0-9a-f]{4,64})$/.exec(name)?.[1];
  if (prefix === undefined) return undefined;
  const range = [`sha256:${prefix}`, `sha256:${prefix}g`] as const;
  const rows = database.all<Found>("SELECT id FROM images WHERE id >= ? AND id < ? LIMIT 2", ...range);
  if (rows.length > 1) {
    throw new GantryError("image-ambiguous", `several images have an id that begins with ${prefix}`, {
      hint: "Give more digits of the id.",
    });
  }
  return rows[0];
}

/** The normalised name; undefined for what can only be an id, since a name has no upper limit on nonsense. */
function referenceIn(name: string): string | undefined {
  if (/^[0-9a-f]{64}$/.test(name)) return undefined;
  return normalReference(parseReference(name));
}
