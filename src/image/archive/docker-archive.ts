import { taggableReference } from "../catalog/tag.ts";
import { isObject, malformed, parseAnyJson } from "../oci.ts";
import type { FoundImage } from "./found-image.ts";
import type { SpooledArchive } from "./spool.ts";

/** The file that makes an archive one of `docker save`. */
export const DOCKER_MANIFEST = "manifest.json";

type Entry = { Config: string; RepoTags: string[] | null | undefined; Layers: string[] | null };

/** The images of a `docker save` archive, old or new: manifest.json names the files of each. */
export async function findDockerImages(archive: SpooledArchive): Promise<FoundImage[]> {
  const entries = parseAnyJson(await archive.read(DOCKER_MANIFEST), DOCKER_MANIFEST);
  if (!Array.isArray(entries) || !entries.every(isEntry))
    throw malformed(DOCKER_MANIFEST, "what docker save writes");
  return entries.map((entry) => {
    const configuration = archive.require(entry.Config);
    return {
      configuration: configuration.digest,
      configurationSize: configuration.size,
      layers: (entry.Layers ?? []).map((name) => archive.require(name).digest),
      references: (entry.RepoTags ?? []).map(taggableReference),
    };
  });
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value)) return false;
  const { Config, RepoTags, Layers } = value;
  return typeof Config === "string" && isNames(RepoTags ?? []) && isNames(Layers ?? []);
}

const isNames = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string");
