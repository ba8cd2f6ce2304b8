import { basename } from "node:path";
import type { WatchDoor, WatchEvent } from "../contract.ts";
import type { PathMap } from "../host/path-map.ts";
import { synchronises, type WatchRule } from "../rules/watch-rules.ts";
import type { Had } from "../transfer/manifest.ts";
import { Reactions } from "./reactions.ts";
import { Rebuilds } from "./rebuilds.ts";
import type { Synced } from "./replicas.ts";
import { WatchedRule } from "./watched-rule.ts";

/** So many paths are named when a batch is shown. */
const SHOWN_PATHS = 3;
/** What could not be brought is tried again after this long. */
const RETRY_MS = 1000;

/** What the image of each rule's service is taken to have, by the rule's id: carried from one session to the next. */
export type Bases = ReadonlyMap<string, PathMap<Had>>;

type Batch = Extract<WatchEvent, { type: "batch" }>;

export type ServiceListener = {
  heard(): void;
  stirred(): void;
  tell(event: WatchEvent): void;
};

/** The rules of one service: what has changed is brought to its containers batch by batch, then acted upon. */
export class ServiceWatch {
  readonly #door: WatchDoor;
  readonly #service: string;
  readonly #listener: ServiceListener;
  readonly #rules: readonly WatchedRule[];
  readonly #reactions: Reactions;
  readonly #rebuilds: Rebuilds;
  #isKnownDown = false;
  #lastProblem: string | undefined;
  #retry: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #isClosed = false;

  constructor(
    door: WatchDoor,
    service: string,
    rules: readonly WatchRule[],
    listener: ServiceListener,
    bases: Bases,
  ) {
    this.#door = door;
    this.#service = service;
    this.#listener = listener;
    const ruleListener = {
      ...listener,
      notice: (message: string, hint?: string) => listener.tell({ type: "notice", service, message, hint }),
      problem: (error: Error) => listener.tell({ type: "problem", service, error }),
    };
    this.#rules = rules.map((rule) => new WatchedRule(door, rule, ruleListener, bases.get(rule.id)));
    const syncing = this.#rules.filter(({ rule }) => synchronises(rule));
    this.#reactions = new Reactions(door, service, {
      restarted: (_, paths, started) => this.#told("restart", paths, count(paths), started),
      ran: (_, paths, started) => this.#told("exec", paths, count(paths), started),
      failed: (error, again) => this.#failed(error, again),
    });
    this.#rebuilds = new Rebuilds(door, service, syncing, {
      begun: (paths) => listener.tell({ type: "rebuilding", service, paths: paths.slice(0, SHOWN_PATHS) }),
      rebuilt: (paths, started) => this.#told("rebuild", paths, count(paths), started),
      failed: (error) => this.#failed(error, false),
    });
  }

  get bases(): Bases {
    return new Map(this.#rules.map(({ rule, base }) => [rule.id, base]));
  }

  /** Containers and images are as they are to be. */
  begin(): void {
    const time = this.#door.imageTime(this.#service);
    for (const rule of this.#rules) rule.imageIsOf(time);
  }

  /** Everything has to be looked at. */
  doubt(): void {
    for (const rule of this.#rules) rule.doubt();
  }

  /** Builds the service's image anew, whatever its rules say. */
  rebuild(paths: readonly string[]): void {
    this.#rebuilds.begin(paths);
  }

  /** One batch at a time; what comes meanwhile is the next one's. */
  async work(): Promise<void> {
    this.#again = true;
    this.#working ??= this.#workOff();
    await this.#working;
  }

  /** Resolves when nothing is at work any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    for (const rule of this.#rules) rule.close();
    await Promise.all([this.#working, this.#reactions.close(), this.#rebuilds.close()]);
  }

  async #workOff(): Promise<void> {
    while (this.#again && !this.#isClosed) {
      this.#again = false;
      await this.#batch();
    }
    this.#working = undefined;
  }

  /** A rebuild brings everything; else files come first, then what is to be done about them. */
  async #batch(): Promise<void> {
    const changed = this.#rules.map((watched) => ({ watched, paths: watched.takeChanges() }));
    const rebuilding = changed.filter(
      ({ watched, paths }) => watched.rule.action === "rebuild" && paths.length > 0,
    );
    if (rebuilding.length > 0) {
      this.#rebuilds.begin(rebuilding.flatMap(({ watched, paths }) => named(watched, paths)));
    }
    for (const { watched, paths } of changed) {
      const { rule } = watched;
      if (synchronises(rule)) await this.#sync(watched, paths);
      else if (rule.action !== "rebuild" && rule.action !== "sync" && paths.length > 0) {
        this.#reactions.owe(watched, named(watched, paths));
      }
    }
  }

  async #sync(watched: WatchedRule, paths: readonly string[]): Promise<void> {
    if (paths.length === 0 && !watched.hasNewcomers) return;
    if (this.#isDown()) return;
    const started = performance.now();
    try {
      const synced = await watched.sync(paths);
      if (synced.changed + synced.removed === 0) return;
      this.#lastProblem = undefined;
      const shown = named(watched, paths);
      this.#told(watched.rule.action, shown, synced, started);
      // What a program read when it started is not what it has now, also when it has just started.
      if (watched.rule.action !== "sync") this.#reactions.owe(watched, shown);
    } catch (error) {
      this.#failed(error as Error, true);
    }
  }

  /** Said once, until it runs again: then everything is compared, and nothing that was saved meanwhile is missed. */
  #isDown(): boolean {
    const isDown = !this.#door.isRehearsal && this.#door.containers(this.#service).length === 0;
    if (isDown && !this.#isKnownDown) {
      const message = "has no running container: what is saved is brought once it runs";
      this.#listener.tell({ type: "notice", service: this.#service, message });
    }
    this.#isKnownDown = isDown;
    return isDown;
  }

  #told(
    action: Batch["action"],
    paths: readonly string[],
    { changed, removed }: Synced,
    started: number,
  ): void {
    const milliseconds = Math.round(performance.now() - started);
    const shown = paths.slice(0, SHOWN_PATHS);
    const service = this.#service;
    this.#listener.tell({ type: "batch", service, action, paths: shown, changed, removed, milliseconds });
  }

  /** What goes on being wrong is said once. */
  #failed(error: Error, again: boolean): void {
    if (again) {
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#reactions.retry();
        void this.work();
      }, RETRY_MS);
    }
    if (this.#isClosed || (again && this.#lastProblem === error.message)) return;
    this.#lastProblem = error.message;
    this.#listener.tell({ type: "problem", service: this.#service, error });
  }
}

/** The rule's own path goes by its name when it is all there is, and is left out beside others. */
function named({ rule }: WatchedRule, paths: readonly string[]): readonly string[] {
  return paths.length === 1 && paths[0] === "" ? [basename(rule.path)] : paths.filter((path) => path !== "");
}

const count = (paths: readonly string[]): Synced => ({ changed: new Set(paths).size, removed: 0 });
