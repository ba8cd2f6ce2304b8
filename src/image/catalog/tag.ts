import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { normalReference, parseReference } from "../reference.ts";
import type { ImageCatalog } from "../store.ts";
import { requireImage } from "./find.ts";

/** Gives an image a further name, taking it from the image that had it. */
export function tagImage({ database }: ImageCatalog, name: string, newName: string): void {
  const reference = taggableReference(newName);
  database.transaction(() => setReference(database, reference, requireImage(database, name).id));
}

/** Normalises a name that somebody wants to give: a digest cannot be given, it is. */
export function taggableReference(name: string): string {
  const reference = parseReference(name);
  if (reference.digest !== undefined) {
    throw new GantryError(
      "image-reference",
      `cannot name an image "${name}": a digest is not given but computed`,
      {
        hint: "Leave out everything from the @ on.",
      },
    );
  }
  return normalReference(reference);
}

/** Lets `reference` mean the image, whatever it meant before. */
export function setReference(database: Database, reference: string, id: string): void {
  const sql = `INSERT INTO image_references (reference, image, tagged) VALUES (?, ?, ?)
    ON CONFLICT (reference) DO UPDATE SET image = excluded.image, tagged = excluded.tagged`;
  database.run(sql, reference, id, Date.now());
}

/** When a name was last given to the image that has it, by a pull for example: Unix milliseconds. */
export function taggedAt({ database }: Pick<ImageCatalog, "database">, name: string): number | undefined {
  const reference = normalReference(parseReference(name));
  const sql = "SELECT tagged FROM image_references WHERE reference = ?";
  return database.get<{ tagged: number }>(sql, reference)?.tagged;
}
