import { randomBytes } from "node:crypto";
import { GantryError } from "../../lib/diagnostic.ts";
import type { WatchDoor, WatchedContainer } from "../contract.ts";
import type { HostEntry } from "../host/entry.ts";
import type { WatchRule } from "../rules/watch-rules.ts";
import { differences } from "../transfer/differences.ts";
import { asOnHost, type Had, Manifest, UNSURE } from "../transfer/manifest.ts";
import { besides, send } from "../transfer/send.ts";
import { CONTAINER_GONE } from "../transfer/sync-failure.ts";

/** How many paths were sent and removed. */
export type Synced = { readonly changed: number; readonly removed: number };

/** The containers a rule brings its files to, each with what it has of them. */
export class Replicas {
  readonly #door: WatchDoor;
  readonly #rule: WatchRule;
  /** By id, as of one run of its program: what came while it was down has to be looked for. */
  readonly #compared = new Map<string, { readonly manifest: Manifest; readonly startTime: number }>();
  /** What the image is taken to have: the host's files when the session began. */
  readonly #base: readonly (readonly [string, Had])[];

  constructor(door: WatchDoor, rule: WatchRule, entries: ReadonlyMap<string, HostEntry>) {
    this.#door = door;
    this.#rule = rule;
    this.#base = rule.initialSync
      ? []
      : [...entries].map(([path, entry]) => [path, asOnHost(entry)] as const);
  }

  /** Whether a container has not been compared with the host in this session. */
  get hasNewcomers(): boolean {
    return this.#running().some(({ id, startTime }) => this.#compared.get(id)?.startTime !== startTime);
  }

  /**
   * Brings these paths to every running container, and everything to one that is new. After a failure, which is thrown,
   * everything is compared anew with all of them.
   */
  async sync(entries: ReadonlyMap<string, HostEntry>, paths: readonly string[]): Promise<Synced> {
    const results = await Promise.allSettled(
      this.#running().map((container) => this.#syncOne(container, entries, paths)),
    );
    const failed = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as Error] : [],
    );
    if (failed.length > 0) this.#compared.clear();
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
    entries: ReadonlyMap<string, HostEntry>,
    paths: readonly string[],
  ): Promise<Synced> {
    const rule = this.#rule;
    const known = this.#compared.get(container.id);
    const isNew = known?.startTime !== container.startTime;
    const manifest = isNew ? this.#manifestOf(container) : known.manifest;
    const scope = isNew ? [...entries.keys(), ...manifest.entries.keys()] : paths;
    const changes = differences(manifest.entries, entries, scope);
    if (changes.send.length === 0 && changes.remove.length === 0) return { changed: 0, removed: 0 };
    const had = new Map(manifest.entries);
    const temporaryName = `.gantry-${randomBytes(6).toString("hex")}`;
    const temporaries = new Set(changes.send.map((path) => besides(path, temporaryName)));
    const unsure = [...changes.send, ...temporaries];
    manifest.note(unsure.map((path) => [path, UNSURE] as const));
    const shipment = {
      ...changes,
      temporaryName,
      source: rule.path,
      target: rule.target!,
      entries,
      have: had,
    };
    const sent = await send(container, shipment);
    manifest.note([...sent, ...[...temporaries].map((path) => [path, null] as const)]);
    return { changed: changes.send.length, removed: changes.remove.length };
  }

  #manifestOf({ id, startTime }: WatchedContainer): Manifest {
    const path = this.#door.manifestPath(id, this.#rule.id);
    const manifest = Manifest.read(path) ?? Manifest.create(path, this.#base);
    this.#compared.set(id, { manifest, startTime });
    return manifest;
  }

  #running(): readonly WatchedContainer[] {
    return this.#door.containers(this.#rule.service);
  }
}
