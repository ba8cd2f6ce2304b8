import { type FSWatcher, watch } from "chokidar";

/** Editors replace a file in two steps; it is read once both are done. */
const SETTLED_MS = 30;

/** Watches the files a model was made from: compose files, env files and the like. */
export class InputWatcher {
  readonly #watcher: FSWatcher;
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#watcher = watch([], { ignoreInitial: true, atomic: true });
    this.#watcher.on("all", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(onChange, SETTLED_MS);
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
