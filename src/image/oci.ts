import { GantryError } from "../lib/diagnostic.ts";
import type { ImageConfig } from "./contract.ts";
import { isDigest } from "./digest.ts";

/** An image configuration (OCI image-spec config.md), as far as we read it; the rest stays in the document. */
export type ImageConfiguration = {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly created?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly config?: ImageConfig | null;
  readonly rootfs: { readonly type: "layers"; readonly diff_ids: readonly string[] };
  readonly history?: readonly object[];
};

/** Platform of one image of an index. */
export type Platform = { readonly os: string; readonly architecture: string; readonly variant?: string };

/** Reference to a blob (OCI image-spec descriptor.md). */
export type Descriptor = {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** An image manifest (OCI image-spec manifest.md, Docker's schema 2). */
export type ImageManifest = { readonly config: Descriptor; readonly layers: readonly Descriptor[] };

/** An image index (OCI image-spec image-index.md, Docker's manifest list). */
export type ImageIndex = { readonly manifests: readonly Descriptor[] };

/** Media types of image manifests, OCI's and Docker's (image-spec media-types.md). */
export const MANIFEST_TYPES: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** Media types of image indexes, OCI's and Docker's. */
export const INDEX_TYPES: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/** Whether a descriptor names an index rather than a manifest. */
export const isIndexDescriptor = (descriptor: Pick<Descriptor, "mediaType">) =>
  INDEX_TYPES.includes(descriptor.mediaType);

/** Checks an image configuration: what we rely on later must be there. */
export function parseConfiguration(text: string, source: string): ImageConfiguration {
  const document = parseJson(text, source);
  const rootfs = document["rootfs"];
  const diffIds = isObject(rootfs) ? rootfs["diff_ids"] : undefined;
  const valid =
    typeof document["architecture"] === "string" &&
    typeof document["os"] === "string" &&
    (document["config"] === undefined || document["config"] === null || isObject(document["config"])) &&
    Array.isArray(diffIds) &&
    diffIds.every(isDigest);
  if (!valid) throw malformed(source, "an image configuration");
  return document as unknown as ImageConfiguration;
}

/** Checks an image manifest. */
export function parseManifest(text: string, source: string): ImageManifest {
  const document = parseJson(text, source);
  const layers = document["layers"];
  if (!isDescriptor(document["config"]) || !Array.isArray(layers) || !layers.every(isDescriptor)) {
    throw malformed(source, "an image manifest");
  }
  return document as unknown as ImageManifest;
}

/** Checks an image index. */
export function parseIndex(text: string, source: string): ImageIndex {
  const document = parseJson(text, source);
  const manifests = document["manifests"];
  if (!Array.isArray(manifests) || !manifests.every(isDescriptor)) throw malformed(source, "an image index");
  return document as unknown as ImageIndex;
}

/** A JSON object, or an error that says which document is not one. */
function parseJson(text: string, source: string): Record<string, unknown> {
  const value = parseAnyJson(text, source);
  if (!isObject(value)) throw malformed(source, "a JSON object");
  return value;
}

/** Any JSON value, or an error that says which document is not JSON. */
export function parseAnyJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(source, "JSON", cause);
  }
}

/** The error for a document that is not what it should be. */
export function malformed(source: string, expected: string, cause?: unknown): GantryError {
  return new GantryError("archive-damaged", `${source} is not ${expected}`, {
    hint: "Make or download the archive again.",
    cause,
  });
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isDescriptor(value: unknown): value is Descriptor {
  return isObject(value) && typeof value["mediaType"] === "string" && isDigest(value["digest"]);
}
