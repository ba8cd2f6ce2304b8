import { Hold } from "../../image/index.ts";
import { type CachedStep, StepCache } from "../cache/step-cache.ts";
import type { BuildServices } from "../contract.ts";
import { Limiter } from "./limiter.ts";
import { Progress, type Step } from "./progress.ts";
import { Workspace } from "./workspace.ts";

/** What all builds of one command share. */
export class Engine {
  readonly services: BuildServices;
  readonly hold: Hold;
  readonly cache: StepCache;
  readonly workspace: Workspace;
  readonly limiter: Limiter;
  readonly progress: Progress;
  /** Aborted when the command is cancelled, and when the builds end while something is still at work. */
  readonly signal: AbortSignal;
  readonly #ending = new AbortController();

  constructor(services: BuildServices) {
    const { store } = services;
    this.services = services;
    this.hold = new Hold(store.database);
    this.cache = new StepCache(store, this.hold);
    this.workspace = new Workspace(store.roots, store.helper);
    this.limiter = new Limiter(services.parallel);
    this.progress = new Progress(services.onEvent);
    this.signal = AbortSignal.any([services.signal, this.#ending.signal]);
  }

  readonly #atWork = new Map<string, Promise<CachedStep>>();

  /** Makes what a step makes, unless it was made before; several builds that want the same at once get the same. */
  async once(
    key: string,
    title: string,
    ignoreCache: boolean,
    make: (step: Step) => Promise<CachedStep>,
  ): Promise<CachedStep> {
    const atWork = this.#atWork.get(key);
    if (atWork) {
      const same = await atWork;
      this.progress.note(title, "cached");
      return same;
    }
    const cached = ignoreCache ? undefined : this.cache.find(key);
    if (cached) {
      this.progress.note(title, "cached");
      return cached;
    }
    const work = this.limiter.run(() => this.#make(key, title, make));
    this.#atWork.set(key, work);
    return work;
  }

  async #make(key: string, title: string, make: (step: Step) => Promise<CachedStep>): Promise<CachedStep> {
    const step = this.progress.start(title);
    try {
      const made = await make(step);
      this.cache.keep(key, made, title);
      step.end("done");
      return made;
    } catch (error) {
      step.end(this.signal.aborted ? "canceled" : "failed");
      throw error;
    }
  }

  /** Stops what is still at work after a failure, and removes all that only builds need. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#atWork.values());
    this.hold[Symbol.dispose]();
    await this.workspace[Symbol.asyncDispose]();
  }
}
