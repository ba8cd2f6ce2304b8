import type { Plan, Step } from "./plan.ts";

export type StepFailure = { readonly step: Step; readonly error: unknown };

export type Outcome = {
  readonly done: readonly Step[];
  readonly failures: readonly StepFailure[];
  /** Failures of optional steps. */
  readonly tolerated: readonly StepFailure[];
  /** Steps that were not begun because something before them failed or the work was broken off. */
  readonly skipped: readonly Step[];
};

/** How many steps are at work at once. Waiting costs nothing and is not counted. */
const PARALLEL = 16;

/**
 * Does a plan: every step begins as soon as all it comes after has succeeded. A failure holds back only what comes
 * after it; everything else goes on, and all failures are reported. Once `signal` aborts no further step begins.
 */
export async function executePlan(
  plan: Plan,
  perform: (step: Step) => Promise<void>,
  signal: AbortSignal,
): Promise<Outcome> {
  const execution = new Execution(plan, perform, signal);
  return execution.run();
}

class Execution {
  readonly #plan: Plan;
  readonly #perform: (step: Step) => Promise<void>;
  readonly #signal: AbortSignal;
  readonly #missing: Map<string, number>;
  readonly #followers = new Map<string, Step[]>();
  readonly #ready: Step[] = [];
  readonly #done: Step[] = [];
  readonly #failures: StepFailure[] = [];
  readonly #tolerated: StepFailure[] = [];
  readonly #skipped = new Set<Step>();
  #working = 0;
  #open = 0;
  #finish: () => void = () => undefined;

  constructor(plan: Plan, perform: (step: Step) => Promise<void>, signal: AbortSignal) {
    this.#plan = plan;
    this.#perform = perform;
    this.#signal = signal;
    this.#missing = new Map(plan.steps.map((step) => [step.id, step.after.length]));
    for (const step of plan.steps) {
      for (const earlier of step.after) {
        const followers = this.#followers.get(earlier);
        if (followers) followers.push(step);
        else this.#followers.set(earlier, [step]);
      }
    }
  }

  async run(): Promise<Outcome> {
    this.#ready.push(...this.#plan.steps.filter((step) => step.after.length === 0));
    await new Promise<void>((resolve) => {
      this.#finish = resolve;
      this.#proceed();
    });
    return {
      done: this.#done,
      failures: this.#failures,
      tolerated: this.#tolerated,
      skipped: this.#plan.steps.filter((step) => this.#skipped.has(step)),
    };
  }

  #proceed(): void {
    if (this.#signal.aborted) for (const step of this.#ready.splice(0)) this.#skip(step);
    for (let index = 0; index < this.#ready.length; ) {
      const step = this.#ready[index]!;
      if (isWork(step) && this.#working >= PARALLEL) index++;
      else {
        this.#ready.splice(index, 1);
        this.#begin(step);
      }
    }
    if (this.#open === 0) this.#finish();
  }

  #begin(step: Step): void {
    this.#open++;
    if (isWork(step)) this.#working++;
    const settle = (outcome: () => void) => {
      this.#open--;
      if (isWork(step)) this.#working--;
      outcome();
      this.#proceed();
    };
    this.#perform(step).then(
      () => settle(() => this.#succeed(step)),
      (error: unknown) => settle(() => this.#fail(step, error)),
    );
  }

  #succeed(step: Step): void {
    this.#done.push(step);
    this.#release(step);
  }

  #fail(step: Step, error: unknown): void {
    if (step.optional) {
      this.#tolerated.push({ step, error });
      this.#release(step);
    } else {
      this.#failures.push({ step, error });
      for (const follower of this.#followers.get(step.id) ?? []) this.#skip(follower);
    }
  }

  #release(step: Step): void {
    for (const follower of this.#followers.get(step.id) ?? []) {
      const missing = this.#missing.get(follower.id)! - 1;
      this.#missing.set(follower.id, missing);
      if (missing === 0 && !this.#skipped.has(follower)) this.#ready.push(follower);
    }
  }

  /** An optional wait that cannot happen holds nothing back; anything else takes what follows with it. */
  #skip(step: Step): void {
    if (this.#skipped.has(step)) return;
    this.#skipped.add(step);
    if (step.optional && !this.#signal.aborted) this.#release(step);
    else for (const follower of this.#followers.get(step.id) ?? []) this.#skip(follower);
  }
}

const isWork = (step: Step) => step.action.type !== "wait-for";
