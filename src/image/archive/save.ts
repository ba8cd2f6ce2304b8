import { createReadStream, statSync } from "node:fs";
import { requireImage } from "../catalog/find.ts";
import { Hold } from "../content/hold.ts";
import { type ImageDocument, manifestOf } from "../manifest-of.ts";
import { INDEX_TYPES } from "../oci.ts";
import { familiarName, parseReference } from "../reference.ts";
import { blobPath, hexOf, type ImageStore } from "../store.ts";
import { encodeHeader, endOfArchive, paddingOf } from "../tar/write-header.ts";

type SavedImage = ImageDocument & { readonly id: string; readonly names: readonly string[] };

/**
 * An archive of images that `docker load`, podman, skopeo and gantry take: an OCI layout with Docker's manifest.json
 * beside it. The same images give the same bytes, and keep their digests.
 */
export async function* saveImages(store: ImageStore, names: readonly string[]): AsyncGenerator<Buffer> {
  using hold = new Hold(store.database);
  const images = await collectImages(store, hold, names);
  yield entry("blobs/", "5");
  yield entry("blobs/sha256/", "5");
  const blobs = images.flatMap(({ digest, manifest }) => [
    digest,
    manifest.config.digest,
    ...manifest.layers.map((layer) => layer.digest),
  ]);
  for (const blob of [...new Set(blobs)].sort()) yield* storedBlob(store, blob);
  yield* document("index.json", indexOf(images));
  yield* document("manifest.json", images.map(dockerEntry));
  yield* document("oci-layout", { imageLayoutVersion: "1.0.0" });
  yield endOfArchive();
}

async function collectImages(store: ImageStore, hold: Hold, names: readonly string[]): Promise<SavedImage[]> {
  const images = new Map<string, SavedImage>();
  for (const name of names) {
    const { id, reference } = requireImage(store.database, name);
    const known = images.get(id) ?? { ...(await manifestOf(store, hold, id)), id, names: [] };
    // A name by digest cannot be given to an image that is loaded.
    const given = reference === undefined || reference.includes("@") ? [] : [reference];
    images.set(id, { ...known, names: [...new Set([...known.names, ...given])] });
  }
  return [...images.values()];
}

function indexOf(images: readonly SavedImage[]): object {
  const manifests = images.flatMap(({ digest, mediaType, text, names }) => {
    const descriptor = { mediaType, digest, size: Buffer.byteLength(text) };
    const named = names.map((name) => ({ ...descriptor, annotations: annotationsFor(name) }));
    return named.length > 0 ? named : [descriptor];
  });
  return { schemaVersion: 2, mediaType: INDEX_TYPES[0], manifests };
}

const annotationsFor = (name: string) => ({
  "io.containerd.image.name": name,
  "org.opencontainers.image.ref.name": parseReference(name).tag,
});

const dockerEntry = ({ manifest, names }: SavedImage) => ({
  Config: pathOf(manifest.config.digest),
  RepoTags: names.map((name) => familiarName(parseReference(name))),
  Layers: manifest.layers.map(({ digest }) => pathOf(digest)),
});

const pathOf = (digest: string) => `blobs/sha256/${hexOf(digest)}`;

async function* storedBlob({ roots }: ImageStore, digest: string): AsyncGenerator<Buffer> {
  const path = blobPath(roots, digest);
  const { size } = statSync(path);
  yield entry(pathOf(digest), "0", size);
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) yield chunk as Buffer;
  yield paddingOf(size);
}

function* document(name: string, value: object): Generator<Buffer> {
  const content = Buffer.from(JSON.stringify(value));
  yield entry(name, "0", content.length);
  yield content;
  yield paddingOf(content.length);
}

function entry(name: string, flag: "0" | "5", size = 0): Buffer {
  const mode = flag === "5" ? 0o755 : 0o644;
  const nothing = { uid: 0, gid: 0, modified: 0, link: "", major: 0, minor: 0, xattrs: [] };
  return encodeHeader({ ...nothing, name, flag, mode, size });
}
