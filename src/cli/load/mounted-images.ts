import type { Project } from "../../compose/index.ts";
import { type Image, resolveImage } from "../../image/index.ts";
import { openDatabase } from "../../lib/database.ts";
import type { Session } from "../session.ts";

/** The stored images that services mount or run before their start, by reference; what is missing is refused there. */
export function mountedImages(session: Session, project: Project): Record<string, Image> {
  const references = Object.values(project.services).flatMap(({ volumes = [], pre_start = [] }) => [
    ...volumes.flatMap(({ type, source }) => (type === "image" && source ? [source] : [])),
    ...pre_start.flatMap(({ image }) => image ?? []),
  ]);
  if (references.length === 0) return {};
  using database = openDatabase(session.roots);
  const images = references.map(
    (name) => [name, resolveImage({ roots: session.roots, database }, name)] as const,
  );
  return Object.fromEntries(images.filter((entry): entry is [string, Image] => entry[1] !== undefined));
}
