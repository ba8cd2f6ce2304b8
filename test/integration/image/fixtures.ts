import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { digestOf } from "../../../src/image/digest.ts";
import type { ImageStore } from "../../../src/image/index.ts";
import { openDatabase } from "../../../src/lib/database.ts";
import { helperPath } from "../../../src/lib/helper-path.ts";
import { rawTar } from "../../image/tar/raw-tar.ts";

/** A store of its own below a temporary directory; disposing of it removes both. */
export type TemporaryStore = ImageStore & Disposable & { readonly root: string };

export function temporaryStore(root = mkdtempSync(join(tmpdir(), "gantry-image-"))): TemporaryStore {
  const roots = { data: root, run: join(root, "run") };
  const database = openDatabase(roots);
  return {
    root,
    roots,
    database,
    helper: helperPath(),
    userNamespace: false,
    layersInUse: () => [],
    [Symbol.dispose]() {
      database.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A stream of bytes at hand, in pieces. */
export const streamOf = (content: Buffer, step = 64 * 1024) =>
  Readable.from(
    (function* () {
      for (let offset = 0; offset < content.length; offset += step)
        yield content.subarray(offset, offset + step);
    })(),
  );

export type Layer = { readonly tar: Buffer; readonly stored?: Buffer };

/** An image configuration for these layers. */
export function configurationFor(layers: readonly Layer[], more: object = {}): Buffer {
  const diffIds = layers.map((layer) => digestOf(layer.tar));
  const document = {
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: diffIds },
    ...more,
  };
  return Buffer.from(JSON.stringify(document));
}

const file = (name: string, content: string | Buffer) => ({ name, content });
const json = (name: string, value: unknown) => file(name, JSON.stringify(value));
const hex = (content: Buffer) => digestOf(content).slice("sha256:".length);

/** What `docker save` wrote until version 25: a directory for each layer. */
export function dockerArchive(
  layers: readonly Layer[],
  tags: readonly string[] | null,
  configuration = configurationFor(layers),
): Buffer {
  const name = hex(configuration);
  const names = layers.map((layer) => `${hex(layer.tar)}/layer.tar`);
  return rawTar([
    ...layers.map((layer, index) => file(names[index]!, layer.stored ?? layer.tar)),
    file(`${name}.json`, configuration),
    json("manifest.json", [{ Config: `${name}.json`, RepoTags: tags, Layers: names }]),
  ]);
}

export type OciImage = {
  readonly layers: readonly Layer[];
  readonly configuration?: Buffer;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: object;
};

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const blob = (content: Buffer) => ({ name: `blobs/sha256/${hex(content)}`, content });
const descriptor = (content: Buffer, mediaType: string) => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
});

/** An OCI layout; with `nested`, the images are the platforms of one index, as containerd writes it. */
export function ociArchive(images: readonly OciImage[], nested?: Readonly<Record<string, string>>): Buffer {
  const parts = images.map(ociImage);
  let manifests: object[] = parts.map((part) => part.descriptor);
  const blobs = parts.flatMap((part) => part.blobs);
  if (nested) {
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
    blobs.push(blob(index));
    manifests = [{ ...descriptor(index, INDEX), annotations: nested }];
  }
  return rawTar([
    json("oci-layout", { imageLayoutVersion: "1.0.0" }),
    json("index.json", { schemaVersion: 2, manifests }),
    ...blobs,
  ]);
}

function ociImage({ layers, configuration = configurationFor(layers), annotations, platform }: OciImage) {
  const stored = layers.map((layer) => layer.stored ?? layer.tar);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: descriptor(configuration, "application/vnd.oci.image.config.v1+json"),
      layers: stored.map((content) => descriptor(content, "application/vnd.oci.image.layer.v1.tar")),
    }),
  );
  return {
    descriptor: { ...descriptor(manifest, MANIFEST), annotations, platform },
    blobs: [...stored, configuration, manifest].map(blob),
  };
}

/** Runs `work` and gives the code and message of the error it must fail with. */
export async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
  throw new Error("it was expected to fail and did not");
}
