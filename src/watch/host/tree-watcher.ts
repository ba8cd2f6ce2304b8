import { type FSWatcher, lstatSync, readdirSync, type Stats, statSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import type { PathFilter } from "../rules/filter.ts";
import { beneath, PathMap } from "./path-map.ts";

export type TreeListener = {
  /** The kernel has told something, whether it concerns anybody or not. */
  heard(): void;
  /** Something at or below the relative path may have changed. */
  changed(path: string): void;
  /** A directory cannot be watched: what is in it has to be looked at from time to time. */
  unwatchable(error: NodeJS.ErrnoException): void;
};

const STICKY = 0o1000;
/** Gone, or closed to us, which looking at the tree tells; should that change, the directory above hears of it. */
const NOT_THERE: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR", "EACCES"]);

/**
 * Watches a tree by one inotify watch a directory (fs.watch). A watch per file, as portable watchers make them, takes
 * fifteen seconds and half a gigabyte for a tree of 100,000 files; this one a tenth of a second. The directories on the
 * way to the tree are watched too: it, or one of them, may be created, replaced or removed.
 */
export class TreeWatcher {
  readonly #root: string;
  readonly #filter: PathFilter;
  readonly #listener: TreeListener;
  /** By relative path of the directory. */
  readonly #below = new PathMap<FSWatcher>();
  #above: FSWatcher[] = [];

  constructor(root: string, filter: PathFilter, listener: TreeListener) {
    this.#root = root;
    this.#filter = filter;
    this.#listener = listener;
    this.#follow();
  }

  close(): void {
    for (const watcher of this.#above) watcher.close();
    this.#forget("");
  }

  #follow(): void {
    this.close();
    this.#above = [];
    for (let path = this.#root; path !== "/"; path = dirname(path)) this.#watchAbove(path);
    this.#watchBelow("");
  }

  /** Hears when the path comes, goes or is replaced: by its name, or as its directory's own move (told by that name). */
  #watchAbove(path: string): void {
    const directory = dirname(path);
    // What comes and goes in / and /tmp is others'.
    if (!isDirectory(directory, (stats) => (stats.mode & STICKY) === 0) || directory === "/") return;
    const [name, own] = [path, directory].map((one) => one.slice(one.lastIndexOf("/") + 1));
    const watcher = this.#watch(directory, (told) => {
      if (told !== null && told !== name && told !== own) return;
      this.#follow();
      this.#listener.changed("");
    });
    if (watcher) this.#above.push(watcher);
  }

  #watchBelow(path: string): void {
    const directory = join(this.#root, path);
    if (this.#below.has(path) || !this.#filter.enters(path)) return;
    // The root may be a link; below it links are not followed, as they are synchronised as links.
    if (!isDirectory(directory, () => true, path === "" ? statSync : lstatSync)) return;
    const watcher = this.#watch(directory, (name) => this.#happened(path, name));
    if (watcher) this.#below.set(path, watcher);
    for (const name of directoriesIn(directory)) this.#watchBelow(beneath(path, name));
  }

  #happened(directory: string, name: string | null): void {
    if (name === null) {
      this.#listener.changed(directory);
      return;
    }
    const path = beneath(directory, name);
    // Whatever was watched there may be gone, or another directory may have come to lie where it was.
    this.#forget(path);
    this.#watchBelow(path);
    if (this.#filter.wants(path) || this.#filter.enters(path)) this.#listener.changed(path);
  }

  #forget(path: string): void {
    for (const [, watcher] of this.#below.below(path)) watcher.close();
    this.#below.clear(path);
  }

  #watch(directory: string, listener: (name: string | null) => void): FSWatcher | undefined {
    try {
      const watcher = watch(directory, (_event, name) => {
        this.#listener.heard();
        listener(name);
      });
      // The removal of the directory; the one above tells of it.
      watcher.on("error", () => undefined);
      return watcher;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!NOT_THERE.has(code)) this.#listener.unwatchable(error as NodeJS.ErrnoException);
      return undefined;
    }
  }
}

function isDirectory(
  path: string,
  also: (stats: Stats) => boolean = () => true,
  look: typeof statSync = statSync,
): boolean {
  try {
    const stats = look(path);
    return stats.isDirectory() && also(stats);
  } catch {
    // Gone, or not to be looked at.
    return false;
  }
}

function directoriesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    // Unreadable or gone: looking at the tree tells which.
    return [];
  }
}
