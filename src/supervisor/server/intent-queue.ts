import { GantryError } from "../../lib/diagnostic.ts";

export type Intent = {
  readonly name: string;
  /** Taking things down does not wait for something to come up. */
  readonly urgent: boolean;
  /** May be broken off by an urgent one. */
  readonly interruptible: boolean;
};

type Running = { readonly intent: Intent; readonly controller: AbortController };

/** One at a time, in the order they came: a second `up` waits in line. */
export class IntentQueue {
  #tail: Promise<unknown> = Promise.resolve();
  readonly #waiting = new Set<Running>();

  get busy(): boolean {
    return this.#waiting.size > 0;
  }

  /** Runs `work` when everything before it is done; `signal` is that of the client. */
  run<T>(intent: Intent, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (intent.urgent) this.interrupt(intent.name);
    const controller = new AbortController();
    const running: Running = { intent, controller };
    const interrupt = () => controller.abort(clientGone(intent));
    if (signal.aborted) interrupt();
    else signal.addEventListener("abort", interrupt, { once: true });
    this.#waiting.add(running);
    const result = this.#tail.then(() => {
      controller.signal.throwIfAborted();
      return work(controller.signal);
    });
    const done = () => {
      signal.removeEventListener("abort", interrupt);
      this.#waiting.delete(running);
    };
    this.#tail = result.then(done, done);
    return result;
  }

  /** Breaks off what may be broken off, on behalf of the command `by`. */
  interrupt(by: string): void {
    for (const { intent, controller } of this.#waiting) {
      if (!intent.interruptible) continue;
      const message = `${intent.name} was broken off by a later ${by}`;
      controller.abort(new GantryError("interrupted", message, { exitCode: 130 }));
    }
  }
}

function clientGone(intent: Intent): GantryError {
  return new GantryError("interrupted", `${intent.name} was broken off`, { exitCode: 130 });
}
