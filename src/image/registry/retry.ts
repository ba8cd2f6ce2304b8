import { setTimeout as delay } from "node:timers/promises";

/** A failure that may pass: a broken connection, a busy registry. */
export class Transient extends Error {
  /** Milliseconds the registry asks to wait, when it does. */
  readonly retryAfter: number | undefined;
  /** What to throw in the end. */
  readonly reason: unknown;

  constructor(reason: unknown, retryAfter?: number) {
    super("a failure that may pass", { cause: reason });
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

export type RetryOptions = {
  readonly attempts: number;
  readonly signal?: AbortSignal;
  /** Told before each pause. */
  readonly onRetry?: (pause: number) => void;
  /** How a pause is made; tests pass their own. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
};

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
/** Who asks for more than this is told to the user instead of waited for. */
const MOST_PATIENCE = 120_000;

/** Runs `work` until it succeeds, fails for good, or has failed `attempts` times; pauses grow, with some chance in them. */
export async function retrying<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      options.signal?.throwIfAborted();
      if (attempt >= options.attempts || (error.retryAfter ?? 0) > MOST_PATIENCE) throw error.reason;
      await pauseBeforeRetry(attempt, options, error.retryAfter);
    }
  }
}

/** Makes the pause after a number of failures in a row: growing, or as long as the registry asks for. */
export async function pauseBeforeRetry(
  failures: number,
  { signal, onRetry, sleep = interruptibleSleep }: Omit<RetryOptions, "attempts">,
  asked?: number,
): Promise<void> {
  const pause = asked ?? pauseAfter(failures);
  onRetry?.(pause);
  await sleep(pause, signal);
}

/** Milliseconds to wait after a number of failures in a row. */
const pauseAfter = (failures: number): number =>
  Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);

/** Milliseconds of a Retry-After header (RFC 9110, section 10.2.3): seconds, or a date. */
export function parseRetryAfter(value: unknown, now: number): number | undefined {
  if (typeof value !== "string") return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const PASSING = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ECONNABORTED",
]);

/** Whether a broken connection may be whole next time. A refused one, or a name nobody knows, mostly stays so. */
export const isPassing = (error: unknown): boolean =>
  PASSING.has((error as NodeJS.ErrnoException).code ?? "") || (error as Error).message === "aborted";

async function interruptibleSleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal ? { signal } : {});
}
