import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { collectGarbage } from "../collect.ts";
import { familiarName, familiarRepository, parseReference } from "../reference.ts";
import type { ImageStore } from "../store.ts";
import { type Found, referencesOf, requireImage } from "./find.ts";

/** Names of the containers that use an image, by image id. */
export type ImageUsers = ReadonlyMap<string, readonly string[]>;

export type RemoveOptions = {
  /** Also by id when it has names in several repositories, and take away its names when containers use it. */
  readonly force: boolean;
  readonly usedBy: ImageUsers;
};

/** What went: normalised names, and the id when the image itself went. */
export type RemovedImage = { readonly untagged: readonly string[]; readonly deleted: readonly string[] };

/**
 * Removes a name of an image, and with the last one the image, as `docker image rm` does. An image that containers use
 * is never taken from under them: forced, it loses its names and stays until it is removed again without users.
 */
export async function removeImage(
  store: ImageStore,
  name: string,
  options: RemoveOptions,
): Promise<RemovedImage> {
  const removed = store.database.durableTransaction(() => removeNames(store.database, name, options));
  await collectGarbage(store);
  return removed;
}

function removeNames(database: Database, name: string, options: RemoveOptions): RemovedImage {
  const found = requireImage(database, name);
  const references = referencesOf(database, found.id);
  if (found.reference !== undefined) {
    const going = namesGoingWith(found.reference, references);
    if (going.length < references.length) {
      for (const reference of going) untag(database, reference);
      return { untagged: going, deleted: [] };
    }
  }
  const users = options.usedBy.get(found.id) ?? [];
  if (!options.force) refuseWhenNeeded(name, found, references, users);
  for (const reference of references) untag(database, reference);
  if (users.length > 0) return { untagged: references, deleted: [] };
  database.run("DELETE FROM images WHERE id = ?", found.id);
  return { untagged: references, deleted: [found.id] };
}

/** With the last tag in a repository goes the name by digest under which the image was pulled from there. */
function namesGoingWith(removed: string, references: readonly string[]): string[] {
  const repository = familiarRepository(parseReference(removed));
  const siblings = references.filter((name) => familiarRepository(parseReference(name)) === repository);
  const tags = siblings.filter((name) => !name.includes("@") && name !== removed);
  return tags.length > 0 ? [removed] : siblings;
}

function untag(database: Database, reference: string): void {
  database.run("DELETE FROM image_references WHERE reference = ?", reference);
}

function refuseWhenNeeded(
  name: string,
  found: Found,
  references: readonly string[],
  users: readonly string[],
): void {
  if (users.length > 0) {
    throw new GantryError(
      "image-in-use",
      `image ${name} is used by ${count(users, "container")}: ${users.join(", ")}`,
      {
        hint: "Remove the containers first (`gantry down`); --force only takes away its names.",
      },
    );
  }
  const repositories = new Set(references.map((reference) => familiarRepository(parseReference(reference))));
  if (found.reference === undefined && repositories.size > 1) {
    const names = references.map((reference) => familiarName(parseReference(reference)));
    throw new GantryError(
      "image-in-use",
      `image ${name} has names in several repositories: ${names.join(", ")}`,
      {
        hint: "Remove it by name, or with --force.",
      },
    );
  }
}

const count = (items: readonly string[], word: string) =>
  `${items.length} ${word}${items.length === 1 ? "" : "s"}`;
