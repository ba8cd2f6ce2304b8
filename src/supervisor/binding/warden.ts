import { type ChildProcess, spawn } from "node:child_process";
import { helperPath } from "../../lib/helper-path.ts";
import type { Roots } from "../../lib/paths.ts";
import type { ProcessIdentity } from "../../lib/process-identity.ts";
import { type Binding, expiryOf, readBinding, timeLeft, writeBinding } from "./binding.ts";

/** The longest that setTimeout can wait. */
const LONGEST = 2 ** 31 - 1;
const ENDED = 0;

/**
 * Waits for what an environment is bound to: one timer for its time, one helper that holds a pidfd for its owner.
 * Nothing is polled.
 */
export class Warden {
  readonly #roots: Roots;
  readonly #project: string;
  #binding: Binding | undefined;
  #onExpired: (why: string, binding: Binding) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #watcher: ChildProcess | undefined;

  constructor(roots: Roots, project: string) {
    this.#roots = roots;
    this.#project = project;
  }

  /** It has to stay for as long as something is bound. */
  get isArmed(): boolean {
    return this.#binding !== undefined;
  }

  /** Begins with what an earlier supervisor left bound; `onExpired` may be called at once. */
  begin(onExpired: (why: string, binding: Binding) => void): void {
    this.#onExpired = onExpired;
    this.#watch(readBinding(this.#roots, this.#project));
  }

  /** Binds the environment anew, on disk first; undefined lets it stay. */
  async bind(binding: Binding | undefined): Promise<void> {
    await writeBinding(this.#roots, this.#project, binding);
    this.#watch(binding);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#watcher?.removeAllListeners("exit").kill();
    this.#timer = undefined;
    this.#watcher = undefined;
    this.#binding = undefined;
  }

  #watch(binding: Binding | undefined): void {
    this.end();
    this.#binding = binding;
    if (!binding) return;
    const { owner } = binding;
    this.#wake(binding);
    if (owner && this.#binding === binding) this.#watcher = this.#awaitEnd(binding, owner);
  }

  /** Its time may be longer than a timer can wait, and the machine may have slept: it is looked at again. */
  #wake(binding: Binding): void {
    const why = expiryOf(binding);
    const left = timeLeft(binding);
    if (why !== undefined) this.#expire(binding, why);
    else if (left !== undefined)
      this.#timer = setTimeout(() => this.#wake(binding), Math.min(left + 1, LONGEST));
  }

  #awaitEnd(binding: Binding, { pid, startTime }: ProcessIdentity): ChildProcess {
    const argv = ["await-exit", String(pid), String(startTime)];
    const watcher = spawn(helperPath(), argv, { stdio: ["pipe", "ignore", "ignore"] });
    watcher.once("exit", (code) => {
      if (this.#binding !== binding) return;
      if (code === ENDED) this.#expire(binding, `its owner, process ${pid}, has ended`);
      // Somebody killed the helper: another one goes on.
      else this.#watcher = this.#awaitEnd(binding, { pid, startTime });
    });
    watcher.once("error", (error) =>
      console.error(`cannot wait for the end of process ${pid}: ${error.message}`),
    );
    return watcher;
  }

  #expire(binding: Binding, why: string): void {
    this.end();
    console.error(`the environment is taken down: ${why}`);
    this.#onExpired(why, binding);
  }
}
