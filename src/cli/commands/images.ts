import { familiarRepository, type Image, parseReference, resolveImage } from "../../image/index.ts";
import { openDatabase } from "../../lib/database.ts";
import type { ObservedContainer } from "../../project/index.ts";
import { containersOf } from "../containers/select.ts";
import { humanSize } from "../render/byte-size.ts";
import { roughAge } from "../render/duration.ts";
import { declareFormat, formatted } from "../render/formatted.ts";
import { renderTable } from "../render/table.ts";
import { defineVerb } from "../verb.ts";

type ImagesOptions = { readonly quiet?: boolean; readonly format: string };

const HEADING = ["CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED"];

/** `gantry images` */
export const images = defineVerb<ImagesOptions>({
  name: "images",
  summary: "List the images that containers use",
  declare: (command) => declareFormat(command).argument("[services...]").option("-q, --quiet", "Only ids"),
  run: (session, services, { quiet, format }) => {
    const containers = containersOf(session, services);
    const ids = [...new Set(containers.map(({ record }) => record.image.id))];
    if (quiet) {
      session.stdout.write(ids.map((id) => `${id.slice("sha256:".length)}\n`).join(""));
      return undefined;
    }
    using database = openDatabase(session.roots);
    const stored = new Map(ids.map((id) => [id, resolveImage({ roots: session.roots, database }, id)]));
    const lines = containers.map((container) => imageLine(container, stored.get(container.record.image.id)));
    session.stdout.write(
      formatted(lines, format, {
        table: () => renderTable(HEADING, lines.map(imageRow)),
        json: () => `${JSON.stringify(lines)}\n`,
      }),
    );
    return undefined;
  },
});

type ImageLine = {
  readonly ID: string;
  readonly ContainerName: string;
  readonly Repository: string;
  readonly Tag: string;
  readonly Platform: string;
  readonly Size: number;
  readonly Created: string;
};

function imageLine({ record }: ObservedContainer, image: Image | undefined): ImageLine {
  const reference = parseReference(record.image.reference);
  return {
    ID: record.image.id,
    ContainerName: record.name,
    Repository: familiarRepository(reference),
    Tag: reference.tag ?? "latest",
    Platform: image ? `${image.os}/${image.architecture}` : "",
    Size: image?.size ?? 0,
    Created: image?.created ?? "",
  };
}

function imageRow(line: ImageLine): string[] {
  const created = Date.parse(line.Created);
  return [
    line.ContainerName,
    line.Repository,
    line.Tag,
    line.Platform,
    line.ID.slice("sha256:".length, "sha256:".length + 12),
    humanSize(line.Size),
    Number.isNaN(created) ? "N/A" : roughAge(created, Date.now()),
  ];
}
