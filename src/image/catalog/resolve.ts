import { existsSync } from "node:fs";
import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Image } from "../contract.ts";
import type { StoredLayer } from "../layer/commit-layer.ts";
import type { ImageConfiguration } from "../oci.ts";
import { type ImageCatalog, layerDirectory } from "../store.ts";
import { findImage, imageRow, referencesOf } from "./find.ts";

/** The stored image of that name or id, ready to run; undefined when there is none. */
export function resolveImage(catalog: ImageCatalog, name: string): Image | undefined {
  const { database } = catalog;
  const found = findImage(database, name);
  if (!found) return undefined;
  const row = imageRow(database, found.id);
  const configuration = JSON.parse(row.configuration) as ImageConfiguration;
  return {
    id: row.id,
    references: referencesOf(database, row.id),
    architecture: row.architecture,
    os: row.os,
    created: configuration.created,
    size: row.size,
    config: configuration.config ?? {},
    layerDirectories: presentLayers(catalog, name, row.id),
  };
}

/** A stored image as something to build upon. */
export type BaseImage = {
  readonly id: string;
  readonly configuration: ImageConfiguration;
  /** Lowest first. */
  readonly layers: readonly StoredLayer[];
};

/** The stored image of that name or id with all that a build needs of it; undefined when there is none. */
export function resolveBase(catalog: ImageCatalog, name: string): BaseImage | undefined {
  const { database } = catalog;
  const found = findImage(database, name);
  if (!found) return undefined;
  presentLayers(catalog, name, found.id);
  const sql = `SELECT chain_id AS chainId, diff_id AS diffId, blob, size FROM image_layers
    JOIN layers USING (chain_id) WHERE image = ? ORDER BY position`;
  return {
    id: found.id,
    configuration: JSON.parse(imageRow(database, found.id).configuration) as ImageConfiguration,
    layers: database.all<StoredLayer>(sql, found.id),
  };
}

/** Chain ids of an image's layers, lowest first. */
export function layersOf(database: Database, id: string): string[] {
  const sql = "SELECT chain_id FROM image_layers WHERE image = ? ORDER BY position";
  return database.all<{ chain_id: string }>(sql, id).map((row) => row.chain_id);
}

function presentLayers({ roots, database }: ImageCatalog, name: string, id: string): string[] {
  const directories = layersOf(database, id).map((chainId) => layerDirectory(roots, chainId));
  const missing = directories.find((directory) => !existsSync(directory));
  if (missing !== undefined) {
    throw new GantryError("image-damaged", `image ${name}: its layer ${missing} is not there`, {
      hint: "Load or import the image again: that makes the missing layer anew.",
    });
  }
  return directories.reverse();
}
