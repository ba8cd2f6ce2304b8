import {
  applyChanges,
  type BaseImage,
  Hold,
  type ImageConfig,
  type ImageConfiguration,
  type ImageStore,
  type LoadedImage,
  readAttributes,
  resolveBase,
  type StoredLayer,
  storeBuiltImage,
  storeLayer,
} from "../image/index.ts";
import { GantryError } from "../lib/diagnostic.ts";
import type { ObservedContainer } from "../project/index.ts";
import { readSpec } from "../runtime/index.ts";
import { archiveTree } from "./archive-tree.ts";
import { committedConfig } from "./committed-config.ts";
import { changedDirectory } from "./container-tree.ts";

export type CommitOptions = {
  /** Name of the image; absent: it has only its id. */
  readonly reference?: string;
  readonly author?: string;
  readonly message?: string;
  /** Dockerfile instructions, as `docker commit --change` takes them. */
  readonly changes: readonly string[];
};

/** Makes an image of a container: its image, and a layer of what it has changed; what volumes hold is no part of it. */
export async function commitContainer(
  store: ImageStore,
  container: ObservedContainer,
  options: CommitOptions,
): Promise<LoadedImage> {
  const { record } = container;
  const base = resolveBase(store, record.image.id);
  if (!base) {
    throw new GantryError(
      "image-missing",
      `the image that ${record.name} was made from is not stored any more`,
      {
        hint: `Pull or build ${record.image.reference} again, or use \`gantry export\`.`,
      },
    );
  }
  const config = committedConfig(base.configuration.config ?? {}, record, readSpec(store.roots, record.id));
  const changed = applyChanges(options.changes, config);
  using hold = new Hold(store.database);
  for (const layer of base.layers) hold.keep("layer", layer.chainId);
  const layer = await changedLayer(store, hold, container, base);
  return await storeBuiltImage(store, hold, {
    configuration: configurationOf(base, layer, changed, record.id, options),
    layers: [...base.layers, layer],
    names: options.reference === undefined ? [] : [options.reference],
  });
}

async function changedLayer(
  store: ImageStore,
  hold: Hold,
  container: ObservedContainer,
  base: BaseImage,
): Promise<StoredLayer> {
  using upper = changedDirectory(store.roots, container);
  const attributes = await readAttributes(store.helper, upper.path);
  const place = { kind: "directory", directory: upper, status: upper.ownStatus() } as const;
  const request = { place, name: "", text: container.record.name, attributes, isLayer: true };
  return await storeLayer(store, hold, archiveTree(request), base.layers.at(-1)?.chainId);
}

function configurationOf(
  { configuration }: BaseImage,
  layer: StoredLayer,
  config: ImageConfig,
  container: string,
  { author, message }: CommitOptions,
): ImageConfiguration {
  const created = new Date().toISOString();
  const words = { ...(author && { author }), ...(message && { comment: message }) };
  const { author: _author, comment: _comment, ...base } = configuration;
  return {
    ...base,
    ...words,
    created,
    config,
    rootfs: { type: "layers", diff_ids: [...configuration.rootfs.diff_ids, layer.diffId] },
    history: [
      ...(configuration.history ?? []),
      { created, created_by: `gantry commit ${container.slice(0, 12)}`, ...words },
    ],
  };
}
