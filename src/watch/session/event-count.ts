import { readIfPresent } from "../../lib/status-file.ts";

/** What the kernel keeps for a reader that is slow, unless its setting says otherwise. */
const USUAL_QUEUE = 16_384;

/**
 * Counts what inotify tells between two looks. All watches of a process share one queue of the kernel's, and Node does
 * not say when that has overflowed: so many that it may have means that everything has to be looked at.
 */
export class EventCount {
  readonly #queue: number;
  #count = 0;

  constructor(queue = Number(readIfPresent("/proc/sys/fs/inotify/max_queued_events") ?? USUAL_QUEUE)) {
    this.#queue = queue;
  }

  add(): void {
    this.#count++;
  }

  /** Whether events may have been lost since the last call. */
  takeOverflow(): boolean {
    const count = this.#count;
    this.#count = 0;
    return count >= this.#queue / 2;
  }
}
