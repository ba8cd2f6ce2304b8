import { type FSWatcher, lstatSync, readdirSync, statSync, watch } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { PathFilter } from "../rules/filter.ts";

export type TreeListener = {
  /** Something at or below the relative path may have changed. */
  changed(path: string): void;
  /** A directory cannot be watched: what is in it has to be looked at from time to time. */
  unwatchable(error: NodeJS.ErrnoException): void;
};

/**
 * Watches a tree by one inotify watch a directory (fs.watch). A watch per file, as portable watchers make them, takes
 * fifteen seconds and half a gigabyte for a tree of 100,000 files; this one a tenth of a second. A path that is not
 * there yet is waited for at the nearest directory above it.
 */
export class TreeWatcher {
  readonly #root: string;
  readonly #filter: PathFilter;
  readonly #listener: TreeListener;
  /** By relative path of the directory. */
  readonly #below = new Map<string, FSWatcher>();
  #above: FSWatcher | undefined;

  constructor(root: string, filter: PathFilter, listener: TreeListener) {
    this.#root = root;
    this.#filter = filter;
    this.#listener = listener;
    this.#follow();
  }

  close(): void {
    this.#above?.close();
    this.#forget("");
  }

  /** The directory above is watched too: the root may be created, replaced or removed. */
  #follow(): void {
    this.#above?.close();
    this.#forget("");
    let directory = dirname(this.#root);
    while (!isDirectory(directory) && directory !== "/") directory = dirname(directory);
    const child = relative(directory, this.#root).split("/")[0];
    this.#above = this.#watch(directory, (name) => {
      if (name !== null && name !== child) return;
      this.#follow();
      this.#listener.changed("");
    });
    this.#watchBelow("");
  }

  #watchBelow(path: string): void {
    const directory = join(this.#root, path);
    // The root may be a link; below it links are not followed, as they are synchronised as links.
    const look = path === "" ? statSync : lstatSync;
    if (this.#below.has(path) || !this.#filter.enters(path) || !isDirectory(directory, look)) return;
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
    if (path !== "" && !this.#below.has(path)) return;
    for (const [one, watcher] of this.#below) {
      if (path !== "" && one !== path && !one.startsWith(`${path}/`)) continue;
      watcher.close();
      this.#below.delete(one);
    }
  }

  #watch(directory: string, listener: (name: string | null) => void): FSWatcher | undefined {
    try {
      const watcher = watch(directory, (_event, name) => listener(name));
      // The removal of the directory; the one above tells of it.
      watcher.on("error", () => undefined);
      return watcher;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") this.#listener.unwatchable(error as NodeJS.ErrnoException);
      return undefined;
    }
  }
}

const beneath = (directory: string, name: string) => (directory === "" ? name : `${directory}/${name}`);

function isDirectory(path: string, look: typeof statSync = statSync): boolean {
  try {
    return look(path).isDirectory();
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
