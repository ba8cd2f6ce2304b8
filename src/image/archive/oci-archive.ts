import { GantryError } from "../../lib/diagnostic.ts";
import { taggableReference } from "../catalog/tag.ts";
import { type Descriptor, type ImageManifest, isIndexDescriptor, parseIndex, parseManifest } from "../oci.ts";
import { choosePlatform, hostPlatform } from "../platform.ts";
import { hexOf } from "../store.ts";
import type { FoundImage } from "./found-image.ts";
import type { SpooledArchive } from "./spool.ts";

/** The file where an OCI layout begins (image-spec image-layout.md). */
export const OCI_INDEX = "index.json";

const DEEPEST_INDEX = 4;

/** The images of an archived OCI layout; of an image for several platforms, the one for this machine. */
export async function findOciImages(archive: SpooledArchive): Promise<FoundImage[]> {
  const { manifests } = parseIndex(await archive.read(OCI_INDEX), OCI_INDEX);
  const named = manifests.some((descriptor) => namesOf(descriptor).length > 0);
  // Without names, the descriptors are the platforms of one image.
  const images = named
    ? manifests
    : [choosePlatform(manifests, hostPlatform())].filter((found) => found !== undefined);
  if (images.length === 0) throw nothingForThisPlatform(manifests);
  return Promise.all(images.map((descriptor) => findImage(archive, descriptor)));
}

async function findImage(archive: SpooledArchive, descriptor: Descriptor): Promise<FoundImage> {
  const { digest, manifest } = await resolveManifest(archive, descriptor, 0);
  const configuration = archive.require(blobName(manifest.config));
  return {
    configuration: configuration.digest,
    configurationSize: configuration.size,
    layers: manifest.layers.map((layer) => archive.require(blobName(layer)).digest),
    manifest: digest,
    references: namesOf(descriptor).map(taggableReference),
  };
}

/** Goes down through indexes to the manifest for this machine. */
async function resolveManifest(
  archive: SpooledArchive,
  descriptor: Descriptor,
  depth: number,
): Promise<{ digest: string; manifest: ImageManifest }> {
  const document = await archive.read(blobName(descriptor));
  if (!isIndexDescriptor(descriptor)) {
    return { digest: descriptor.digest, manifest: parseManifest(document, descriptor.digest) };
  }
  const { manifests } = parseIndex(document, descriptor.digest);
  // An archive may list platforms whose blobs it left out.
  const present = manifests.filter((candidate) => archive.find(blobName(candidate)));
  const chosen = choosePlatform(present, hostPlatform());
  if (!chosen || depth === DEEPEST_INDEX) throw nothingForThisPlatform(present);
  return resolveManifest(archive, chosen, depth + 1);
}

/**
 * containerd's annotation holds a whole name. The specification's own holds whatever its writer liked: a whole name, or
 * just a tag, which names nothing.
 */
function namesOf({ annotations = {} }: Descriptor): string[] {
  const whole = annotations["io.containerd.image.name"];
  if (whole !== undefined) return [whole];
  const name = annotations["org.opencontainers.image.ref.name"];
  return name !== undefined && /[:/]/.test(name) ? [name] : [];
}

const blobName = ({ digest }: Descriptor) => `blobs/sha256/${hexOf(digest)}`;

function nothingForThisPlatform(manifests: readonly Descriptor[]): GantryError {
  const { os, architecture } = hostPlatform();
  const offered = manifests.map(({ platform }) => platform && `${platform.os}/${platform.architecture}`);
  return new GantryError("platform-unavailable", `the archive has no image for ${os}/${architecture}`, {
    hint: "Save it again for this platform (docker save --platform, skopeo copy --override-arch).",
    details: [
      `It has: ${offered.filter((platform) => platform !== undefined).join(", ") || "none with a platform"}`,
    ],
  });
}
