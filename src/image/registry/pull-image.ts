import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import { GantryError } from "../../lib/diagnostic.ts";
import type { FoundImage } from "../archive/found-image.ts";
import { storeImages } from "../archive/store-image.ts";
import { findImage, imageRow } from "../catalog/find.ts";
import { Hold } from "../content/hold.ts";
import { putBlob, readDocument } from "../content/put-blob.ts";
import { chainIds } from "../digest.ts";
import { fetchLayer } from "../layer/fetch-layer.ts";
import { type Descriptor, type Platform, parseConfiguration } from "../oci.ts";
import { platformText, runsOn } from "../platform.ts";
import { type ImageReference, normalReference } from "../reference.ts";
import { blobPath, type ImageStore } from "../store.ts";
import { downloadBlob } from "./download-blob.ts";
import { LayerProgress, type PullEvent } from "./layer-progress.ts";
import type { LayerTurns } from "./layer-turns.ts";
import { lied } from "./registry-failure.ts";
import type { Repository } from "./repository.ts";
import { type ResolvedManifest, resolveManifest } from "./resolve-manifest.ts";

/** Which image, and how. */
export type PullRequest = {
  /** As people write it. */
  readonly name: string;
  readonly platform?: Platform;
  /** The tag stays with the image it names here: what is pulled is known by the digest of its manifest. */
  readonly besideTag?: boolean;
  readonly onEvent?: (event: PullEvent) => void;
  readonly signal?: AbortSignal;
};

/** An image that was pulled. */
export type PulledImage = {
  readonly id: string;
  /** Normalised name. */
  readonly reference: string;
  /** What the name stands for at the registry: digest of an index or a manifest. */
  readonly digest: string;
  /** Nothing had to be fetched. */
  readonly upToDate: boolean;
};

/** What one pull works with. */
export type PullParts = {
  readonly store: ImageStore;
  readonly turns: LayerTurns;
  /** How often a broken connection is made again without getting anywhere. */
  readonly attempts: number;
  readonly repository: Repository;
  readonly reference: ImageReference;
  readonly platform: Platform;
};

/** One image from one registry. */
export class ImagePull {
  readonly #parts: PullParts;
  readonly #request: PullRequest;

  constructor(parts: PullParts, request: PullRequest) {
    this.#parts = parts;
    this.#request = request;
  }

  async perform(): Promise<PulledImage> {
    using hold = new Hold(this.#parts.store.database);
    const resolved = await resolveManifest(
      this.#parts.repository,
      this.#parts.reference,
      this.#parts.platform,
      this.#watch,
    );
    const known = this.#alreadyStored(resolved);
    const image = await this.#fetch(hold, resolved);
    await storeImages(this.#parts.store, hold, [image]);
    const { digest } = resolved;
    return {
      id: image.configuration,
      reference: normalReference(this.#parts.reference),
      digest,
      upToDate: known,
    };
  }

  get #watch() {
    const { signal, onEvent } = this.#request;
    const onRetry = (pause: number) => onEvent?.({ kind: "retry", pause });
    return { onRetry, ...(signal ? { signal } : {}) };
  }

  /** Whether the name already means this very image. */
  #alreadyStored({ document, manifest }: ResolvedManifest): boolean {
    const { database } = this.#parts.store;
    const found = findImage(database, normalReference(this.#parts.reference));
    return found?.id === manifest.config.digest && imageRow(database, found.id).manifest === document.digest;
  }

  async #fetch(hold: Hold, { digest, document, manifest }: ResolvedManifest): Promise<FoundImage> {
    const { config, layers } = manifest;
    const { domain, repository } = this.#parts.reference;
    hold.keep("blob", document.digest);
    const text = await this.#configuration(hold, config);
    const { architecture, os, variant, rootfs } = parseConfiguration(text, config.digest);
    this.#warnOfForeign({ os, architecture, ...(variant === undefined ? {} : { variant }) });
    if (rootfs.diff_ids.length !== layers.length) {
      throw lied(
        `a configuration of ${rootfs.diff_ids.length} layers for an image of ${layers.length}`,
        this.#parts.repository.host,
      );
    }
    await this.#layers(hold, layers, rootfs.diff_ids);
    await putBlob(this.#parts.store, hold, Readable.from([Buffer.from(document.text)]), document.digest);
    return {
      configuration: config.digest,
      configurationSize: Buffer.byteLength(text),
      layers: layers.map((layer) => layer.digest),
      manifest: document.digest,
      references: this.#request.besideTag
        ? [normalReference({ domain, repository, digest: document.digest })]
        : this.#names(digest),
    };
  }

  /** The name asked for, and the one by digest that says exactly what was pulled. */
  #names(digest: string): string[] {
    const { domain, repository } = this.#parts.reference;
    return [
      ...new Set([normalReference(this.#parts.reference), normalReference({ domain, repository, digest })]),
    ];
  }

  async #configuration(hold: Hold, config: Descriptor): Promise<string> {
    hold.keep("blob", config.digest);
    const path = blobPath(this.#parts.store.roots, config.digest);
    if (!existsSync(path)) {
      const stream = downloadBlob(this.#parts.repository, config, {
        ...this.#watch,
        attempts: this.#parts.attempts,
      });
      await putBlob(this.#parts.store, hold, stream, config.digest).catch((error: unknown) => {
        throw blamed(error, config, this.#parts.repository.host);
      });
    }
    return readDocument(this.#parts.store, config);
  }

  #warnOfForeign(platform: Platform): void {
    if (runsOn(platform, this.#parts.platform)) return;
    const message = `it is for ${platformText(platform)}, asked for was ${platformText(this.#parts.platform)}`;
    this.#request.onEvent?.({ kind: "warning", message });
  }

  /** All layers; all of them come to rest before an error is told, so that nothing is used after it is let go of. */
  async #layers(hold: Hold, layers: readonly Descriptor[], diffIds: readonly string[]): Promise<void> {
    const stop = new AbortController();
    const { signal } = this.#request;
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const chain = chainIds(diffIds);
    const fetches = layers.map((layer, index) =>
      this.#layer(hold, layer, { diffId: diffIds[index]!, chainId: chain[index]! }, either).catch(
        (error: unknown) => {
          stop.abort(error);
          throw error;
        },
      ),
    );
    await Promise.allSettled(fetches);
    // The first to fail is the reason of all the others.
    if (stop.signal.aborted) throw stop.signal.reason;
  }

  async #layer(
    hold: Hold,
    descriptor: Descriptor,
    ids: { readonly diffId: string; readonly chainId: string },
    signal: AbortSignal,
  ): Promise<void> {
    const progress = new LayerProgress(descriptor, this.#request.onEvent);
    const { host } = this.#parts.repository;
    const onRetry = () => progress.retrying();
    const onProgress = (received: number) => progress.received(received);
    const options = { signal, onRetry, onProgress, attempts: this.#parts.attempts };
    const download = () => downloadBlob(this.#parts.repository, descriptor, options);
    progress.waiting();
    await this.#parts.turns.take(descriptor.digest, async () => {
      signal.throwIfAborted();
      const layer = { blob: descriptor.digest, ...ids, download, signal };
      const there = await fetchLayer(this.#parts.store, hold, layer).catch((error: unknown) => {
        throw blamed(error, descriptor, host);
      });
      progress.done(there);
    });
  }
}

/** What cannot be unpacked came from this registry. */
function blamed(error: unknown, { digest }: Descriptor, host: string): unknown {
  const isDamage = error instanceof GantryError && /^archive-(?:damaged|truncated|format)$/.test(error.code);
  return isDamage ? lied(`blob ${digest}: ${error.message}`, host) : error;
}
