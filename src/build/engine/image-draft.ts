import type { BaseImage, ImageConfig, ImageConfiguration, StoredLayer } from "../../image/index.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
/** An image's config as a build writes it, with Docker's fields that only builds know. */
export type DraftConfig = Mutable<ImageConfig> & { OnBuild?: readonly string[]; ArgsEscaped?: boolean };

type HistoryEntry = {
  readonly created: string;
  readonly created_by: string;
  readonly comment: string;
  readonly empty_layer?: true;
};

const COMMENT = "buildkit.dockerfile.v0";

/** The image that a stage is making: configuration, history and layers so far. */
export class ImageDraft {
  readonly config: DraftConfig;
  readonly layers: StoredLayer[];
  author: string | undefined;
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly #history: object[];
  readonly #baseCreated: string | undefined;
  #created: number | undefined;

  constructor(base: BaseImage | undefined, platform: { os: string; architecture: string; variant?: string }) {
    const configuration = base?.configuration;
    this.config = { ...(configuration?.config ?? {}) };
    this.layers = [...(base?.layers ?? [])];
    this.author = configuration?.author;
    this.platform = configuration ? platformOf(configuration) : platform;
    this.#history = [...(configuration?.history ?? [])];
    this.#baseCreated = configuration?.created;
  }

  /** A copy that goes on by itself: a stage that another begins with. */
  copy(): ImageDraft {
    const base = { id: "", configuration: this.configuration({}), layers: this.layers };
    return new ImageDraft(base, this.platform);
  }

  /** Chain id of the topmost layer. */
  get chainId(): string | undefined {
    return this.layers.at(-1)?.chainId;
  }

  /** Notes an instruction; `created` in Unix milliseconds. One with a layer is where the image's time comes from. */
  note(instruction: string, created: number, layer?: StoredLayer): void {
    if (layer) this.layers.push(layer);
    this.#created = Math.max(created, this.#created ?? 0);
    const entry: HistoryEntry = {
      created: new Date(created).toISOString(),
      created_by: instruction,
      comment: COMMENT,
      ...(layer ? {} : { empty_layer: true }),
    };
    this.#history.push(entry);
  }

  /** Unix milliseconds of the last layer; what changes no file has happened with it, so that the same is the same. */
  get lastCreated(): number {
    return this.#created ?? (Date.parse(this.#baseCreated ?? "") || 0);
  }

  /** The configuration as it is now. */
  configuration(labels: Readonly<Record<string, string>>): ImageConfiguration {
    const allLabels = { ...this.config.Labels, ...labels };
    const config = { ...this.config, ...(Object.keys(allLabels).length > 0 ? { Labels: allLabels } : {}) };
    return {
      ...this.platform,
      created: new Date(this.lastCreated).toISOString(),
      ...(this.author === undefined ? {} : { author: this.author }),
      config,
      rootfs: { type: "layers", diff_ids: this.layers.map(({ diffId }) => diffId) },
      history: this.#history,
    };
  }
}

function platformOf({ os, architecture, variant }: ImageConfiguration) {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}
