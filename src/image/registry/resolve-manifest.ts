import { GantryError } from "../../lib/diagnostic.ts";
import {
  type Descriptor,
  type ImageManifest,
  isIndexDescriptor,
  MANIFEST_TYPES,
  type Platform,
  parseIndex,
  parseManifest,
} from "../oci.ts";
import { choosePlatform, platformText } from "../platform.ts";
import { familiarName, type ImageReference } from "../reference.ts";
import { lied } from "./registry-failure.ts";
import type { ManifestDocument, Repository, Watch } from "./repository.ts";

const DEEPEST_INDEX = 4;
const MOST_LAYERS = 512;

/** The manifest of an image for one platform, and what its name stood for. */
export type ResolvedManifest = {
  /** Digest of what the name stands for: an index, or the manifest itself. */
  readonly digest: string;
  readonly document: ManifestDocument;
  readonly manifest: ImageManifest;
};

/** Fetches what a reference stands for, and goes down through indexes to the manifest for the platform. */
export async function resolveManifest(
  repository: Repository,
  reference: ImageReference,
  platform: Platform,
  watch: Watch,
): Promise<ResolvedManifest> {
  const top = await repository.manifest(reference.digest ?? reference.tag!, watch);
  let document = top;
  for (let depth = 0; isIndexDescriptor(document); depth++) {
    const { manifests } = parseIndex(document.text, document.digest);
    const chosen = choosePlatform(manifests, platform);
    if (!chosen || depth === DEEPEST_INDEX) throw unavailable(reference, platform, manifests);
    document = await repository.manifest(chosen.digest, watch);
  }
  return { digest: top.digest, document, manifest: readManifest(document, repository.host) };
}

function readManifest(document: ManifestDocument, host: string): ImageManifest {
  if (!MANIFEST_TYPES.includes(document.mediaType)) throw notAnImage(document, host);
  const manifest = parseManifest(document.text, document.digest);
  const sizes = [manifest.config, ...manifest.layers].map(({ size }) => size);
  if (
    !sizes.every((size) => Number.isSafeInteger(size) && size >= 0) ||
    manifest.layers.length > MOST_LAYERS
  ) {
    throw lied(`the manifest ${document.digest} does not say how long its layers are`, host);
  }
  return manifest;
}

function notAnImage({ mediaType }: ManifestDocument, host: string): GantryError {
  const old = mediaType.includes("docker.distribution.manifest.v1");
  return new GantryError(
    "registry-content",
    `registry ${host} has no image there but ${mediaType || "something"}`,
    {
      hint: old
        ? "The image is in Docker's format of before 2016: push it again with a current tool."
        : "gantry runs container images; charts and other artefacts it does not.",
    },
  );
}

function unavailable(
  reference: ImageReference,
  platform: Platform,
  manifests: readonly Descriptor[],
): GantryError {
  const offered = manifests.flatMap((one) =>
    one.platform && one.platform.os !== "unknown" ? [platformText(one.platform)] : [],
  );
  return new GantryError(
    "platform-unavailable",
    `image ${familiarName(reference)} does not exist for ${platformText(platform)}`,
    {
      hint: "Choose one of the platforms it has with `platform:`, or another image.",
      details: [`It exists for: ${[...new Set(offered)].join(", ") || "no platform it names"}`],
    },
  );
}
