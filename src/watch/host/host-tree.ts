import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PathFilter } from "../rules/filter.ts";
import { type HostEntry, isGone, kindOf, lookAt } from "./entry.ts";
import { beneath, PathMap } from "./path-map.ts";

/** Hears which paths have changed. */
type Changes = { readonly add: (path: string) => unknown };

/** What lies at a rule's path on the host. Keys are relative paths; "" is the path itself. */
export class HostTree {
  readonly root: string;
  readonly #filter: PathFilter;
  readonly #onUnreadable: (path: string, error: Error) => void;
  readonly #entries = new PathMap<HostEntry>();

  /** `onUnreadable` hears of what cannot be looked at; what is known of it stays, and the rest is watched all the same. */
  constructor(root: string, filter: PathFilter, onUnreadable: (path: string, error: Error) => void) {
    this.root = root;
    this.#filter = filter;
    this.#onUnreadable = onUnreadable;
  }

  get entries(): Omit<PathMap<HostEntry>, "set" | "delete" | "clear"> {
    return this.#entries;
  }

  /** Looks at everything for the first time: what has changed is no question, and in a large tree many names. */
  look(): void {
    this.#visit("", { add: () => undefined });
  }

  /** Looks at these paths and what is below them ("" for everything); returns those that have changed. */
  refresh(paths: Iterable<string>): string[] {
    const changed = new Set<string>();
    for (const path of paths) this.#visit(path, changed);
    return [...changed];
  }

  #visit(path: string, changed: Changes): void {
    try {
      // The place itself may be a link; below it links are brought as links.
      const entry = lookAt(join(this.root, path), { follow: path === "" });
      const isDirectory = entry !== undefined && kindOf(entry) === "directory";
      if (isDirectory && this.#filter.enters(path)) this.#visitNames(path, changed);
      else for (const name of this.#entries.names(path)) this.#forget(beneath(path, name), changed);
      this.#note(path, entry !== undefined && this.#counts(path, isDirectory) ? entry : undefined, changed);
    } catch (error) {
      this.#onUnreadable(path, error as Error);
    }
  }

  #visitNames(path: string, changed: Changes): void {
    const names = this.#namesIn(path);
    const there = new Set(names);
    for (const name of this.#entries.names(path)) {
      if (!there.has(name)) this.#forget(beneath(path, name), changed);
    }
    for (const name of names) this.#visit(beneath(path, name), changed);
  }

  #namesIn(path: string): string[] {
    try {
      return readdirSync(join(this.root, path));
    } catch (error) {
      if (isGone(error)) return [];
      throw error;
    }
  }

  #counts(path: string, isDirectory: boolean): boolean {
    return path === "" || (isDirectory ? this.#filter.makes(path) : this.#filter.wants(path));
  }

  #note(path: string, entry: HostEntry | undefined, changed: Changes): void {
    if (this.#entries.get(path) === entry) return;
    changed.add(path);
    if (entry === undefined) this.#entries.delete(path);
    else this.#entries.set(path, entry);
  }

  #forget(path: string, changed: Changes): void {
    for (const [one] of this.#entries.below(path)) changed.add(one);
    this.#entries.clear(path);
  }
}
