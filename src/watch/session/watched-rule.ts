import { GantryError } from "../../lib/diagnostic.ts";
import type { WatchDoor } from "../contract.ts";
import type { HostEntry } from "../host/entry.ts";
import { HostTree } from "../host/host-tree.ts";
import { remoteFileSystem } from "../host/network-file-system.ts";
import { PathMap } from "../host/path-map.ts";
import { TreeWatcher } from "../host/tree-watcher.ts";
import { watchLimit } from "../host/watch-limit.ts";
import { synchronises, type WatchRule } from "../rules/watch-rules.ts";
import type { Had } from "../transfer/manifest.ts";
import { Replicas, type Synced } from "./replicas.ts";

/** How often a tree is looked at of which a part cannot be watched, in milliseconds … */
export const POLL_MS = 1000;
/** … and in multiples of how long a look takes. */
const POLL_SHARE = 10;

export type RuleListener = {
  heard(): void;
  /** Something may have to be done. */
  stirred(): void;
  notice(message: string, hint?: string): void;
  problem(error: Error): void;
};

/** One rule with its tree on the host, its watch, and the containers it serves. */
export class WatchedRule {
  readonly rule: WatchRule;
  readonly #tree: HostTree;
  readonly #watcher: TreeWatcher;
  readonly #replicas: Replicas;
  readonly #isBaseKnown: boolean;
  readonly #listener: RuleListener;
  readonly #told = new Set<string>();
  #dirty = new Set<string>();
  #polling: NodeJS.Timeout | undefined;

  /** `base`: what the image is taken to have, from an earlier session; else what the host has now. */
  constructor(door: WatchDoor, rule: WatchRule, listener: RuleListener, base?: PathMap<Had>) {
    this.rule = rule;
    this.#listener = listener;
    this.#tree = new HostTree(rule.path, rule.filter, (path, error) => this.#unreadable(path, error));
    this.#watcher = new TreeWatcher(rule.path, rule.filter, {
      heard: () => listener.heard(),
      changed: (path) => this.#stir(path),
      unwatchable: (error) => this.#poll(watchLimit(rule.path, error)),
    });
    const remote = remoteFileSystem(rule.path);
    if (remote) {
      this.#poll({
        message: `${rule.path} lies on ${remote}, where changes made elsewhere are not told: it is looked at every second`,
      });
    }
    const took = this.#look();
    if (this.#polling) this.#pollEvery(took);
    const image = () => (rule.initialSync ? new PathMap<Had>() : this.snapshot());
    const begin = synchronises(rule) ? (base ?? image()) : new PathMap<Had>();
    this.#isBaseKnown = base !== undefined;
    this.#replicas = new Replicas(door, rule, begin, (path, error) => this.#unreadable(path, error));
  }

  close(): void {
    this.#watcher.close();
    clearInterval(this.#polling);
  }

  /** What the image is taken to have. */
  get base(): PathMap<Had> {
    return this.#replicas.base;
  }

  /** The service's image was made at that time: what this session took it to have may be newer. */
  imageIsOf(time: number | undefined): void {
    if (time !== undefined && !this.#isBaseKnown) this.#replicas.imageIsOf(time);
  }

  /** What the host has, as last looked at. */
  snapshot(): PathMap<HostEntry> {
    return this.#tree.entries.copy();
  }

  /** The service's image was built from what the host had then. */
  rebase(entries: PathMap<HostEntry>): void {
    this.#replicas.rebase(entries);
  }

  /** Everything has to be looked at: events may have been lost. */
  doubt(): void {
    this.#dirty.add("");
  }

  /** Paths that have changed on the host since the last call. */
  takeChanges(): string[] {
    const dirty = this.#dirty;
    if (dirty.size === 0) return [];
    this.#dirty = new Set();
    return this.#tree.refresh(dirty.has("") ? [""] : dirty);
  }

  /** Whether a container came that has to be brought up to date. */
  get hasNewcomers(): boolean {
    return synchronises(this.rule) && this.#replicas.hasNewcomers;
  }

  /** Brings the paths, of those that are there still, to the containers. */
  sync(paths: readonly string[]): Promise<Synced> {
    return this.#replicas.sync(this.#tree.entries, paths);
  }

  /** Whether a path that has changed is there still. */
  has(path: string): boolean {
    return this.#tree.entries.has(path);
  }

  #stir(path: string): void {
    this.#dirty.add(path);
    this.#listener.stirred();
  }

  #unreadable(path: string, error: Error): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    const where = path === "" ? this.rule.path : `${this.rule.path}/${path}`;
    const hint = "it is left as it is in the containers; the rest is watched";
    this.#listener.problem(
      new GantryError(
        "watch-unreadable",
        `${where} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
        { hint },
      ),
    );
  }

  /** Looks at everything; returns how long that took, in milliseconds. */
  #look(): number {
    const started = performance.now();
    this.#tree.look();
    return performance.now() - started;
  }

  /** What the kernel cannot tell has to be looked for; said once. */
  #poll({ message, hint }: { readonly message: string; readonly hint?: string }): void {
    if (this.#polling) return;
    this.#pollEvery(0);
    this.#listener.notice(message, hint);
  }

  #pollEvery(took: number): void {
    clearInterval(this.#polling);
    this.#polling = setInterval(() => this.#stir(""), Math.max(POLL_MS, took * POLL_SHARE));
  }
}
