import { GantryError } from "../../lib/diagnostic.ts";
import type { WatchDoor } from "../contract.ts";
import { HostTree } from "../host/host-tree.ts";
import { TreeWatcher } from "../host/tree-watcher.ts";
import { synchronises, type WatchRule } from "../rules/watch-rules.ts";
import { Replicas, type Synced } from "./replicas.ts";

/** From so many events on, the kernel's queue may have overflowed: everything is looked at. */
const TOO_MANY = 4096;
/** How often a tree is looked at of which a part cannot be watched, in milliseconds. */
export const POLL_MS = 1000;

export type RuleListener = {
  /** Something may have to be done. */
  stirred(): void;
  problem(error: Error): void;
};

/** One rule with its tree on the host, its watch, and the containers it serves. */
export class WatchedRule {
  readonly rule: WatchRule;
  readonly #tree: HostTree;
  readonly #watcher: TreeWatcher;
  readonly #replicas: Replicas;
  readonly #listener: RuleListener;
  readonly #told = new Set<string>();
  #dirty = new Set<string>();
  #polling: NodeJS.Timeout | undefined;

  constructor(door: WatchDoor, rule: WatchRule, listener: RuleListener) {
    this.rule = rule;
    this.#listener = listener;
    this.#tree = new HostTree(rule.path, rule.filter, (path, error) => this.#unreadable(path, error));
    this.#watcher = new TreeWatcher(rule.path, rule.filter, {
      changed: (path) => this.#stir(path),
      unwatchable: (error) => this.#poll(error),
    });
    this.#tree.refreshAll();
    this.#replicas = new Replicas(door, rule, this.#tree.entries);
  }

  close(): void {
    this.#watcher.close();
    clearInterval(this.#polling);
  }

  /** Paths that have changed on the host since the last call. */
  takeChanges(): string[] {
    const dirty = this.#dirty;
    if (dirty.size === 0) return [];
    this.#dirty = new Set();
    return dirty.size >= TOO_MANY || dirty.has("") ? this.#tree.refreshAll() : this.#tree.refresh(dirty);
  }

  /** Whether a container came that has to be brought up to date. */
  get hasNewcomers(): boolean {
    return synchronises(this.rule) && this.#replicas.hasNewcomers;
  }

  /** Brings the paths, of those that are there still, to the containers. */
  sync(paths: readonly string[]): Promise<Synced> {
    return this.#replicas.sync(this.#tree.entries, paths);
  }

  #stir(path: string): void {
    this.#dirty.add(path);
    this.#listener.stirred();
  }

  #unreadable(path: string, error: Error): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    const message = `${this.rule.path}/${path} is not watched: ${error.message}`;
    this.#listener.problem(new GantryError("watch-unreadable", message));
  }

  /** What inotify cannot tell has to be looked for. */
  #poll(error: NodeJS.ErrnoException): void {
    if (this.#polling) return;
    this.#polling = setInterval(() => this.#stir(""), POLL_MS);
    const hint =
      error.code === "ENOSPC"
        ? "raise the limit of inotify watches: sysctl fs.inotify.max_user_watches=1048576"
        : undefined;
    const message = `${this.rule.path} cannot be watched as a whole (${error.code}): it is looked at every second instead`;
    this.#listener.problem(new GantryError("watch-polling", message, { hint }));
  }
}
