import { resolve } from "node:path";
import { type FSWatcher, watch } from "chokidar";

/** Editors replace a file in two steps; it is read once both are done. */
const SETTLED_MS = 30;

/** Watches the files a model was made from: compose files, env files and the like. */
export class InputWatcher {
  readonly #watcher: FSWatcher;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** `onChange` hears of the files, absolute, once they have settled. */
  constructor(onChange: (paths: readonly string[]) => void) {
    this.#watcher = watch([], { ignoreInitial: true, atomic: true });
    this.#watcher.on("all", (_event, path) => {
      this.#changed.add(resolve(path));
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        const paths = [...this.#changed];
        this.#changed.clear();
        onChange(paths);
      }, SETTLED_MS);
    });
    // A file that cannot be watched is still read when another one changes.
    this.#watcher.on("error", () => undefined);
  }

  /** From now on these files, too. */
  follow(paths: readonly string[]): void {
    this.#watcher.add(paths.filter((path) => path !== "-"));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }
}
