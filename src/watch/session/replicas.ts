import { GantryError } from "../../lib/diagnostic.ts";
import type { WatchDoor, WatchedContainer } from "../contract.ts";
import { changedAt, type HostEntry } from "../host/entry.ts";
import type { HostTree } from "../host/host-tree.ts";
import { PathMap } from "../host/path-map.ts";
import type { WatchRule } from "../rules/watch-rules.ts";
import { differences } from "../transfer/differences.ts";
import { type Had, Manifest } from "../transfer/manifest.ts";
import { CONTAINER_GONE } from "../transfer/sync-failure.ts";
import { Delivery } from "./delivery.ts";
import { losesFilesOnRestart } from "./volatile-target.ts";

/** How many paths were written and removed. */
export type Synced = { readonly changed: number; readonly removed: number };

/** What a container has, as of one run of its program; `isWhole` once everything was compared since the last failure. */
type Compared = { readonly manifest: Manifest; readonly startTime: number; isWhole: boolean };

/** The containers a rule brings its files to, each with what it has of them. */
export class Replicas {
  readonly #door: WatchDoor;
  readonly #rule: WatchRule;
  readonly #onUnreadable: (path: string, error: Error) => void;
  /** By id. What came while a program was down has to be looked for when it runs again. */
  readonly #compared = new Map<string, Compared>();
  /** What a container that is made from the image is taken to have. */
  #base: PathMap<Had>;

  constructor(
    door: WatchDoor,
    rule: WatchRule,
    base: PathMap<Had>,
    onUnreadable: (path: string, error: Error) => void,
  ) {
    this.#door = door;
    this.#rule = rule;
    this.#base = base;
    this.#onUnreadable = onUnreadable;
  }

  get base(): PathMap<Had> {
    return this.#base;
  }

  /** The image was made at that time: what has changed since is not in it. */
  imageIsOf(time: number): void {
    for (const [path, entry] of this.#base.below()) {
      if ((changedAt(entry) ?? 0) > time) this.#base.delete(path);
    }
  }

  /** An image was built from what the host had then. */
  rebase(entries: PathMap<HostEntry>): void {
    this.#base = entries;
  }

  /** Whether a container has not been compared with the host in this session. */
  get hasNewcomers(): boolean {
    if (this.#door.isRehearsal) return false;
    return this.#running().some((container) => !this.#comparedOf(container)?.isWhole);
  }

  /**
   * Brings these paths to every running container, and everything to one that is new. After a failure, which is thrown,
   * everything is compared anew with all of them.
   */
  async sync(entries: HostTree["entries"], paths: readonly string[]): Promise<Synced> {
    if (this.#door.isRehearsal) return rehearsed(entries, paths);
    const running = this.#running();
    for (const id of this.#compared.keys()) {
      if (!running.some((container) => container.id === id)) this.#compared.delete(id);
    }
    const results = await Promise.allSettled(
      running.map((container) => this.#syncOne(container, entries, paths)),
    );
    const failed = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as Error] : [],
    );
    if (failed.length > 0) for (const compared of this.#compared.values()) compared.isWhole = false;
    const failure = failed.find((error) => !(error instanceof GantryError && error.code === CONTAINER_GONE));
    if (failure) throw failure;
    const done = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    return {
      changed: Math.max(0, ...done.map(({ changed }) => changed)),
      removed: Math.max(0, ...done.map(({ removed }) => removed)),
    };
  }

  async #syncOne(
    container: WatchedContainer,
    entries: HostTree["entries"],
    paths: readonly string[],
  ): Promise<Synced> {
    const compared = this.#comparedOf(container) ?? this.#begin(container);
    const { manifest } = compared;
    const isWatched = (path: string) => path === "" || this.#rule.filter.watches(path);
    const comparison = { have: manifest.entries, want: entries, isWatched };
    const changes = differences(comparison, compared.isWhole ? paths : undefined);
    compared.isWhole = true;
    manifest.note(changes.forget.map((path) => [path, null] as const));
    if (changes.send.length === 0 && changes.remove.length === 0) return { changed: 0, removed: 0 };
    const delivery = new Delivery(container, this.#rule, entries, manifest);
    const { written, unreadable } = await delivery.bring(changes).catch((error: unknown) => {
      throw this.#hasEnded(container)
        ? new GantryError(CONTAINER_GONE, `${container.name} has ended`)
        : error;
    });
    for (const { path, error } of unreadable) this.#onUnreadable(path, error);
    return { changed: written, removed: changes.remove.length };
  }

  /** Files of a container that has ended meanwhile may be gone under the hands of who writes them. */
  #hasEnded({ id, startTime }: WatchedContainer): boolean {
    return !this.#running().some((one) => one.id === id && one.startTime === startTime);
  }

  #comparedOf({ id, startTime }: WatchedContainer): Compared | undefined {
    const compared = this.#compared.get(id);
    return compared?.startTime === startTime ? compared : undefined;
  }

  #begin(container: WatchedContainer): Compared {
    const { id, pid, startTime } = container;
    const path = this.#door.manifestPath(id, this.#rule.id);
    const manifest = losesFilesOnRestart(pid, this.#rule.target!)
      ? Manifest.create(path, new PathMap())
      : (this.#compared.get(id)?.manifest ?? Manifest.read(path) ?? Manifest.create(path, this.#base));
    const compared = { manifest, startTime, isWhole: false };
    this.#compared.set(id, compared);
    return compared;
  }

  #running(): readonly WatchedContainer[] {
    return this.#door.containers(this.#rule.service);
  }
}

/** What would be written and removed. */
function rehearsed(entries: HostTree["entries"], paths: readonly string[]): Synced {
  const changed = paths.filter((path) => entries.has(path)).length;
  return { changed, removed: paths.length - changed };
}
