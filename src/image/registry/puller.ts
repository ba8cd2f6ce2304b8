import { collectGarbage } from "../collect.ts";
import { hostPlatform, platformText } from "../platform.ts";
import { normalReference, parseReference } from "../reference.ts";
import type { ImageStore } from "../store.ts";
import { LayerTurns } from "./layer-turns.ts";
import { ImagePull, type PulledImage, type PullParts, type PullRequest } from "./pull-image.ts";
import type { RegistryClient } from "./registry-client.ts";

/** Pulls images; several at once share connections, layers and the limit on concurrent downloads. */
export class Puller {
  readonly #store: ImageStore;
  readonly #client: RegistryClient;
  readonly #parts: Pick<PullParts, "store" | "turns" | "attempts">;
  readonly #pulls = new Map<string, Promise<PulledImage>>();

  constructor(store: ImageStore, client: RegistryClient) {
    this.#store = store;
    this.#client = client;
    const { attempts, concurrentDownloads } = client.settings;
    this.#parts = { store, attempts, turns: new LayerTurns(concurrentDownloads) };
  }

  /** Pulls an image from its mirrors or its registry; asked twice for the same at once, it is pulled once. */
  pull(request: PullRequest): Promise<PulledImage> {
    const reference = parseReference(request.name);
    const platform = request.platform ?? hostPlatform();
    const key = `${normalReference(reference)} ${platformText(platform)} ${request.besideTag ?? false}`;
    const known = this.#pulls.get(key);
    if (known) return known;
    const pull = this.#client.fromAny(reference, (repository) =>
      new ImagePull({ ...this.#parts, repository, reference, platform }, request).perform(),
    );
    this.#pulls.set(key, pull);
    return pull;
  }

  /** Removes what broken-off pulls and the images that lost their names left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#pulls.values());
    await collectGarbage(this.#store);
  }
}
