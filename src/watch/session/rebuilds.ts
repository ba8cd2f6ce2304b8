import type { WatchDoor } from "../contract.ts";
import type { HostEntry } from "../host/entry.ts";
import type { PathMap } from "../host/path-map.ts";
import type { WatchedRule } from "./watched-rule.ts";

export type RebuildListener = {
  begun(paths: readonly string[]): void;
  rebuilt(paths: readonly string[], started: number): void;
  failed(error: Error): void;
};

/**
 * Builds of a service's image, and the replacing of its containers: a newer one breaks an older one off, and begins
 * when that has let go.
 */
export class Rebuilds {
  readonly #door: WatchDoor;
  readonly #service: string;
  readonly #rules: readonly WatchedRule[];
  readonly #listener: RebuildListener;
  #current: AbortController | undefined;
  #working: Promise<void> = Promise.resolve();
  /** What the one that was broken off was about. */
  #paths: readonly string[] = [];

  /** `rules`: those whose files the image has in it. */
  constructor(door: WatchDoor, service: string, rules: readonly WatchedRule[], listener: RebuildListener) {
    this.#door = door;
    this.#service = service;
    this.#rules = rules;
    this.#listener = listener;
  }

  begin(paths: readonly string[]): void {
    this.#current?.abort();
    const controller = new AbortController();
    this.#current = controller;
    this.#paths = [...new Set([...this.#paths, ...paths])];
    this.#working = this.#working.then(() => this.#rebuild(controller.signal));
  }

  /** Breaks off what is at work; resolves when it has let go. */
  async close(): Promise<void> {
    this.#current?.abort();
    await this.#working;
  }

  async #rebuild(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const started = performance.now();
    const paths = this.#paths;
    const before = this.#snapshots();
    this.#listener.begun(paths);
    try {
      await this.#door.rebuild(this.#service, signal);
      if (signal.aborted) return;
      this.#paths = [];
      for (const [rule, entries] of before) rule.rebase(entries);
      this.#listener.rebuilt(paths, started);
    } catch (error) {
      if (signal.aborted) return;
      this.#paths = [];
      this.#listener.failed(error as Error);
    }
  }

  #snapshots(): Map<WatchedRule, PathMap<HostEntry>> {
    return new Map(this.#rules.map((rule) => [rule, rule.snapshot()]));
  }
}
