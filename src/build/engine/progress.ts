import type { BuildEvent } from "../contract.ts";

const KEPT_LINES = 20;

/** A step as progress shows it; remembers its last lines for a failure's report. */
export class Step {
  readonly #number: number;
  readonly #onEvent: (event: BuildEvent) => void;
  readonly #started = performance.now();
  readonly #lines: string[] = [];
  #unfinished = "";

  constructor(number: number, name: string, onEvent: (event: BuildEvent) => void) {
    this.#number = number;
    this.#onEvent = onEvent;
    onEvent({ type: "started", step: number, name });
  }

  /** Takes output in pieces as it comes, and passes whole lines on. */
  output(text: string): void {
    const lines = (this.#unfinished + text).split("\n");
    this.#unfinished = lines.pop()!;
    for (const line of lines) this.#line(line);
  }

  end(outcome: "done" | "cached" | "failed" | "canceled"): void {
    if (this.#unfinished !== "") this.#line(this.#unfinished);
    this.#unfinished = "";
    this.#onEvent({ type: "ended", step: this.#number, outcome, seconds: this.#seconds });
  }

  get lastLines(): readonly string[] {
    return this.#lines;
  }

  get #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #line(line: string): void {
    const text = line.replace(/\r$/, "");
    this.#lines.push(text);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#onEvent({ type: "output", step: this.#number, seconds: this.#seconds, text });
  }
}

/** Numbers the steps of all builds of a command. */
export class Progress {
  readonly #onEvent: (event: BuildEvent) => void;
  #last = 0;

  constructor(onEvent: (event: BuildEvent) => void) {
    this.#onEvent = onEvent;
  }

  start(name: string): Step {
    return new Step(++this.#last, name, this.#onEvent);
  }

  /** A step that is over in the moment it is known. */
  note(name: string, outcome: "done" | "cached"): void {
    this.start(name).end(outcome);
  }

  warn(text: string): void {
    this.#onEvent({ type: "warning", text });
  }
}
