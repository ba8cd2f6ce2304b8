import { Limiter } from "../../lib/limiter.ts";

/** Lets layers be fetched a few at a time, and the same layer only by one at once: the next finds it there. */
export class LayerTurns {
  readonly #limiter: Limiter;
  readonly #last = new Map<string, Promise<unknown>>();

  constructor(most: number) {
    this.#limiter = new Limiter(most);
  }

  /** Runs `work` for the layer when its turn comes; whoever had it before may have failed. */
  take<T>(digest: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(digest);
    const turn = (before ?? Promise.resolve()).then(() => this.#limiter.run(work));
    this.#last.set(
      digest,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
