import type { ImageConfiguration } from "../oci.ts";
import type { ImageCatalog } from "../store.ts";

/** One line of `image ls`. */
export type ImageSummary = {
  readonly id: string;
  /** Normalised names; empty for an image that lost its name. */
  readonly references: readonly string[];
  /** RFC 3339, when the image says so. */
  readonly created: string | undefined;
  readonly size: number;
  readonly labels: Readonly<Record<string, string>>;
};

type Row = { readonly id: string; readonly configuration: string; readonly size: number };

/** All images, the newest first. */
export function listImages({ database }: ImageCatalog): ImageSummary[] {
  const names = referencesByImage(
    database.all("SELECT reference, image FROM image_references ORDER BY reference"),
  );
  const rows = database.all<Row>("SELECT id, configuration, size FROM images");
  return rows
    .map(({ id, configuration, size }) => {
      const { created, config } = JSON.parse(configuration) as ImageConfiguration;
      return { id, references: names.get(id) ?? [], created, size, labels: config?.Labels ?? {} };
    })
    .sort((one, other) => timeOf(other) - timeOf(one));
}

function referencesByImage(rows: readonly { reference: string; image: string }[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { reference, image } of rows) names.set(image, [...(names.get(image) ?? []), reference]);
  return names;
}

const timeOf = (summary: ImageSummary) => Date.parse(summary.created ?? "") || 0;
