import { Hold } from "../../image/index.ts";
import { Limiter } from "../../lib/limiter.ts";
import { releaseHostUplink } from "../../net/index.ts";
import { FileDigests } from "../cache/file-digests.ts";
import { type CachedStep, StepCache } from "../cache/step-cache.ts";
import type { BuildServices } from "../contract.ts";
import { KeyAgents } from "./key-agents.ts";
import { Progress, type Step } from "./progress.ts";
import { Workspace } from "./workspace.ts";

/** A step that some stage has come to. */
export type WantedStep = {
  readonly key: string;
  readonly title: string;
  readonly ignoreCache: boolean;
  /** Chain id of what is beneath. */
  readonly below: string | undefined;
  readonly make: (step: Step) => Promise<CachedStep>;
};

/** What all builds of one command share. */
export class Engine {
  readonly services: BuildServices;
  readonly hold: Hold;
  readonly cache: StepCache;
  readonly workspace: Workspace;
  readonly limiter: Limiter;
  readonly progress: Progress;
  readonly agents: KeyAgents;
  /** Aborted when the command is cancelled, and when the builds end while something is still at work. */
  readonly signal: AbortSignal;
  /** Some step has had a way to the outside, which the host gives no longer than it must. */
  usesUplink = false;
  readonly #ending = new AbortController();

  constructor(services: BuildServices) {
    const { store } = services;
    this.services = services;
    this.hold = new Hold(store.database);
    this.cache = new StepCache(store, this.hold);
    this.workspace = new Workspace(store.roots, store.helper);
    this.limiter = new Limiter(services.parallel);
    this.progress = new Progress(services.onEvent);
    this.agents = new KeyAgents(this.workspace);
    this.signal = AbortSignal.any([services.signal, this.#ending.signal]);
  }

  readonly #digests = new Map<string, FileDigests>();

  /** What is remembered of the files of a context. */
  digestsOf(context: string): FileDigests {
    const digests = this.#digests.get(context) ?? new FileDigests(this.services.store.roots, context);
    this.#digests.set(context, digests);
    return digests;
  }

  readonly #atWork = new Map<string, Promise<CachedStep>>();

  /** Makes what a step makes, unless it was made before; several builds that want the same at once get the same. */
  async once(step: WantedStep): Promise<CachedStep> {
    const atWork = this.#atWork.get(step.key);
    if (atWork) {
      const same = await atWork;
      this.progress.note(step.title, "cached");
      return same;
    }
    const work = this.#findOrMake(step);
    this.#atWork.set(step.key, work);
    return work;
  }

  async #findOrMake({ key, title, ignoreCache, below, make }: WantedStep): Promise<CachedStep> {
    const cached = ignoreCache ? undefined : await this.cache.find(key, below);
    if (!cached) return this.limiter.run(() => this.#make(key, title, make));
    this.progress.note(title, "cached");
    return cached;
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
    for (const digests of this.#digests.values()) digests.save();
    await this.agents[Symbol.asyncDispose]();
    if (this.usesUplink) await releaseHostUplink();
    this.hold[Symbol.dispose]();
    await this.workspace[Symbol.asyncDispose]();
  }
}
