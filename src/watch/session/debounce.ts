/** The clock, so that tests need not wait. */
export type WatchClock = {
  now(): number;
  /** Calls back once; returns what cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
};

export const systemWatchClock: WatchClock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** A burst is over after this much quiet … */
const QUIET_MS = 20;
/** … and what came is dealt with after this long in any case. */
const LONGEST_MS = 50;

/** Calls back once a burst of events is over: 20 ms after the last, and no later than 50 ms after the first. */
export class Debounce {
  readonly #clock: WatchClock;
  readonly #callback: () => void;
  #first: number | undefined;
  #cancel: () => void = () => undefined;

  constructor(clock: WatchClock, callback: () => void) {
    this.#clock = clock;
    this.#callback = callback;
  }

  /** Something happened. */
  touch(): void {
    const now = this.#clock.now();
    this.#first ??= now;
    this.#cancel();
    const wait = Math.max(0, Math.min(QUIET_MS, this.#first + LONGEST_MS - now));
    this.#cancel = this.#clock.after(wait, () => {
      this.#first = undefined;
      this.#callback();
    });
  }

  close(): void {
    this.#cancel();
  }
}
