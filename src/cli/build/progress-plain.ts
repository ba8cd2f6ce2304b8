import type { BuildEvent } from "../../build/index.ts";

/** Shows a build as BuildKit's plain progress does: each line begins with the number of its step. */
export class PlainBuildProgress {
  readonly #write: (text: string) => void;
  #last = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  show(event: BuildEvent): void {
    if (event.type === "warning") this.#write(`warning: ${event.text}\n`);
    else this.#write(this.#separator(event.step) + lineOf(event));
  }

  /** An empty line where another step goes on. */
  #separator(step: number): string {
    const separator = this.#last !== 0 && this.#last !== step ? "\n" : "";
    this.#last = step;
    return separator;
  }
}

const WORDS = { done: "DONE", cached: "CACHED", failed: "ERROR", canceled: "CANCELED" } as const;

function lineOf(event: Exclude<BuildEvent, { type: "warning" }>): string {
  if (event.type === "started") return `#${event.step} ${event.name}\n`;
  if (event.type === "output") return `#${event.step} ${event.seconds.toFixed(3)} ${event.text}\n`;
  const seconds = event.outcome === "cached" ? "" : ` ${event.seconds.toFixed(1)}s`;
  return `#${event.step} ${WORDS[event.outcome]}${seconds}\n`;
}
