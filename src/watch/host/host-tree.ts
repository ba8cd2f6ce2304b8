import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PathFilter } from "../rules/filter.ts";
import { type HostEntry, isGone, lookAt } from "./entry.ts";

/** What lies at a rule's path on the host. Keys are relative paths; "" is the path itself, when it is a file. */
export class HostTree {
  readonly root: string;
  readonly #filter: PathFilter;
  readonly #onUnreadable: (path: string, error: Error) => void;
  #entries = new Map<string, HostEntry>();

  /** `onUnreadable` hears of a directory that cannot be read; the rest of the tree is watched all the same. */
  constructor(root: string, filter: PathFilter, onUnreadable: (path: string, error: Error) => void) {
    this.root = root;
    this.#filter = filter;
    this.#onUnreadable = onUnreadable;
  }

  get entries(): ReadonlyMap<string, HostEntry> {
    return this.#entries;
  }

  /** Looks at everything; returns the paths that have changed since the last look. */
  refreshAll(): string[] {
    const before = this.#entries;
    this.#entries = new Map();
    this.#visit("");
    return changesBetween(before, this.#entries);
  }

  /** Looks at these paths and what is below them; returns those that have changed. */
  refresh(paths: Iterable<string>): string[] {
    const changed = new Set<string>();
    for (const path of paths) for (const one of this.#refreshOne(path)) changed.add(one);
    return [...changed];
  }

  #refreshOne(path: string): string[] {
    const before = this.#below(path);
    for (const one of before.keys()) this.#entries.delete(one);
    this.#visit(path);
    return changesBetween(before, this.#below(path));
  }

  #below(path: string): Map<string, HostEntry> {
    const entry = this.#entries.get(path);
    if (entry && entry.kind !== "directory") return new Map([[path, entry]]);
    const prefix = path === "" ? "" : `${path}/`;
    return new Map([...this.#entries].filter(([one]) => one === path || one.startsWith(prefix)));
  }

  #visit(path: string): void {
    const entry = lookAt(join(this.root, path));
    if (!entry) return;
    if (entry.kind !== "directory") {
      if (path === "" || this.#filter.wants(path)) this.#entries.set(path, entry);
      return;
    }
    if (!this.#filter.enters(path)) return;
    if (path === "" || this.#filter.makes(path)) this.#entries.set(path, entry);
    for (const name of this.#namesIn(path)) this.#visit(path === "" ? name : `${path}/${name}`);
  }

  #namesIn(path: string): string[] {
    try {
      return readdirSync(join(this.root, path));
    } catch (error) {
      if (!isGone(error)) this.#onUnreadable(path, error as Error);
      return [];
    }
  }
}

function changesBetween(
  before: ReadonlyMap<string, HostEntry>,
  after: ReadonlyMap<string, HostEntry>,
): string[] {
  const changed = [...after].filter(([path, { identity }]) => before.get(path)?.identity !== identity);
  const gone = [...before.keys()].filter((path) => !after.has(path));
  return [...changed.map(([path]) => path), ...gone];
}
