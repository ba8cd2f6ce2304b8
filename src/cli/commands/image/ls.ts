import { familiarRepository, type ImageSummary, listImages, parseReference } from "../../../image/index.ts";
import { humanSize } from "../../render/byte-size.ts";
import { roughAge } from "../../render/duration.ts";
import { declareFormat, formatted } from "../../render/formatted.ts";
import { renderTable } from "../../render/table.ts";
import { defineVerb } from "../../verb.ts";
import { withImageStore } from "./store.ts";

/** Options of `image ls`, as commander gives them. */
export type ImageLsOptions = {
  readonly quiet?: boolean;
  readonly format: string;
  readonly trunc: boolean;
};

/** `gantry image ls` */
export const imageLs = defineVerb<ImageLsOptions>({
  name: "ls",
  summary: "List images",
  declare: (command) =>
    declareFormat(command)
      .argument("[repository]", "Only images of this repository, or with this name")
      .option("-q, --quiet", "Only ids")
      .option("--no-trunc", "Whole ids"),
  run: async (session, [repository], options) => {
    const images = await withImageStore(session, listImages);
    session.stdout.write(imageListing(images, repository, options, Date.now()));
    return undefined;
  },
});

type Line = {
  readonly repository: string;
  readonly tag: string;
  readonly id: string;
  readonly created: string;
  readonly size: string;
};

/** The listing: a line per name, and one for each image that has none. */
export function imageListing(
  images: readonly ImageSummary[],
  repository: string | undefined,
  options: ImageLsOptions,
  now: number,
): string {
  const lines = images
    .flatMap((image) => linesOf(image, options.trunc, now))
    .filter((line) => repository === undefined || isNamed(line, repository));
  if (options.quiet) return [...new Set(lines.map(({ id }) => id))].map((id) => `${id}\n`).join("");
  const rows = lines.map(({ repository, tag, id, created, size }) => [repository, tag, id, created, size]);
  const fields = lines.map(jsonLine);
  return formatted(fields, options.format, {
    table: () => renderTable(["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"], rows),
    json: () => fields.map((line) => `${JSON.stringify(line)}\n`).join(""),
  });
}

function linesOf(image: ImageSummary, shorten: boolean, now: number): Line[] {
  const created = Date.parse(image.created ?? "");
  const common = {
    id: shorten ? image.id.slice("sha256:".length, "sha256:".length + 12) : image.id,
    created: Number.isNaN(created) ? "N/A" : roughAge(created, now),
    size: humanSize(image.size),
  };
  if (image.references.length === 0) return [{ repository: "<none>", tag: "<none>", ...common }];
  const references = image.references.map(parseReference);
  const tagged = new Set(references.flatMap((one) => (one.tag === undefined ? [] : familiarRepository(one))));
  // A name by digest is only told where there is no better one.
  const shown = references.filter((one) => one.tag !== undefined || !tagged.has(familiarRepository(one)));
  return shown.map((reference) => {
    return { repository: familiarRepository(reference), tag: reference.tag ?? "<none>", ...common };
  });
}

const isNamed = (line: Line, wanted: string): boolean =>
  line.repository === wanted || `${line.repository}:${line.tag}` === wanted;

/** The fields of `docker image ls --format json`. */
const jsonLine = ({ repository, tag, id, created, size }: Line) => ({
  CreatedSince: created,
  ID: id,
  Repository: repository,
  Size: size,
  Tag: tag,
});
