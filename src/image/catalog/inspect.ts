import type { ImageConfiguration } from "../oci.ts";
import { familiarName, parseReference } from "../reference.ts";
import { type ImageCatalog, layerDirectory } from "../store.ts";
import { imageRow, referencesOf, requireImage } from "./find.ts";
import { layersOf } from "./resolve.ts";

/** What `docker image inspect` tells, in its fields. */
export type ImageInspection = Readonly<Record<string, unknown>> & { readonly Id: string };

/** Everything known about one image. */
export function inspectImage(catalog: ImageCatalog, name: string): ImageInspection {
  const { roots, database } = catalog;
  const row = imageRow(database, requireImage(database, name).id);
  const configuration = JSON.parse(row.configuration) as ImageConfiguration;
  const references = referencesOf(database, row.id).map((reference) =>
    familiarName(parseReference(reference)),
  );
  const layers = layersOf(database, row.id).map((chainId) => layerDirectory(roots, chainId));
  return {
    Id: row.id,
    RepoTags: references.filter((reference) => !reference.includes("@")),
    RepoDigests: references.filter((reference) => reference.includes("@")),
    Comment: configuration.comment ?? "",
    Created: configuration.created ?? "",
    Author: configuration.author ?? "",
    Config: configuration.config ?? {},
    Architecture: row.architecture,
    ...(configuration.variant === undefined ? {} : { Variant: configuration.variant }),
    Os: row.os,
    Size: row.size,
    GraphDriver: { Name: "overlayfs", Data: { LowerDir: layers.reverse().join(":") } },
    RootFS: { Type: "layers", Layers: configuration.rootfs.diff_ids },
    Metadata: { LastTagTime: lastTagTime(catalog, row.id) },
  };
}

function lastTagTime({ database }: ImageCatalog, id: string): string {
  const sql = "SELECT max(tagged) AS tagged FROM image_references WHERE image = ?";
  const tagged = database.get<{ tagged: number | null }>(sql, id)?.tagged;
  return new Date(tagged ?? 0).toISOString();
}
