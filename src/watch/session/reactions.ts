import { GantryError } from "../../lib/diagnostic.ts";
import type { WatchDoor } from "../contract.ts";
import type { WatchedRule } from "./watched-rule.ts";

/** What is still to be done about files that came: by rule, the paths. */
type Owed = Map<WatchedRule, readonly string[]>;

export type ReactionsListener = {
  restarted(rule: WatchedRule, paths: readonly string[], started: number): void;
  ran(rule: WatchedRule, paths: readonly string[], started: number): void;
  /** Something failed; `again` when it is tried once more, a little later. */
  failed(error: Error, again: boolean): void;
};

/**
 * What a service's rules want done once files are there: commands run, the service restarted. One after the other,
 * beside the bringing of further files; what is asked for again meanwhile is done once more afterwards.
 */
export class Reactions {
  readonly #door: WatchDoor;
  readonly #service: string;
  readonly #listener: ReactionsListener;
  #owed: Owed = new Map();
  #working: Promise<void> | undefined;
  #isClosed = false;

  constructor(door: WatchDoor, service: string, listener: ReactionsListener) {
    this.#door = door;
    this.#service = service;
    this.#listener = listener;
  }

  owe(rule: WatchedRule, paths: readonly string[]): void {
    if (this.#door.isRehearsal) return;
    this.#owed.set(rule, [...(this.#owed.get(rule) ?? []), ...paths]);
    this.#work();
  }

  /** Tries again what could not be done. */
  retry(): void {
    this.#work();
  }

  /** Begins nothing more; resolves when nothing is at work. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#working;
  }

  #work(): void {
    this.#working ??= this.#workOff().finally(() => {
      this.#working = undefined;
    });
  }

  async #workOff(): Promise<void> {
    while (this.#owed.size > 0 && !this.#isClosed) {
      const owed = this.#owed;
      this.#owed = new Map();
      try {
        await this.#perform(owed);
      } catch (error) {
        const isPaused = error instanceof GantryError && error.code === "container-paused";
        this.#listener.failed(error as Error, isPaused);
        if (!isPaused) continue;
        for (const [rule, paths] of owed) this.#owed.set(rule, this.#owed.get(rule) ?? paths);
        return;
      }
    }
  }

  /** Commands first: what is restarted afterwards may rest on what they did. */
  async #perform(owed: Owed): Promise<void> {
    for (const [watched, paths] of owed) {
      if (watched.rule.action === "sync+exec") await this.#exec(watched, paths);
    }
    const restarting = [...owed].filter(([{ rule }]) => rule.action.endsWith("restart"));
    const [first] = restarting;
    if (!first) return;
    const started = performance.now();
    await this.#door.restart(this.#service);
    this.#listener.restarted(
      first[0],
      restarting.flatMap(([, paths]) => paths),
      started,
    );
  }

  async #exec(watched: WatchedRule, paths: readonly string[]): Promise<void> {
    const { exec } = watched.rule;
    if (!exec) return;
    const containers = this.#door.containers(this.#service);
    const paused = containers.find(({ isPaused }) => isPaused);
    if (paused) {
      const hint = "gantry unpause lets it go on";
      throw new GantryError("container-paused", `${paused.name} is paused: the command waits for it`, {
        hint,
      });
    }
    const started = performance.now();
    for (const container of containers) await this.#door.exec(container, exec);
    if (containers.length > 0) this.#listener.ran(watched, paths, started);
  }
}
