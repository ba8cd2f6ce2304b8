import type { WatchAction, WatchDoor, WatchEvent } from "../contract.ts";
import { synchronises, type WatchRule } from "../rules/watch-rules.ts";
import { Debounce, systemWatchClock } from "./debounce.ts";
import { WatchedRule } from "./watched-rule.ts";

/** So many paths are named when a batch is shown. */
const SHOWN_PATHS = 3;

/** What could not be brought is tried again after this long. */
const RETRY_MS = 1000;

type Changed = { readonly watched: WatchedRule; readonly paths: readonly string[] };

/**
 * Follows the rules until it is closed: what changes on the host is collected for a moment, then brought to the
 * containers, service by service, one batch after the other.
 */
export class WatchSession {
  readonly #door: WatchDoor;
  readonly #tell: (event: WatchEvent) => void;
  readonly #debounce = new Debounce(systemWatchClock, () => void this.#work());
  readonly #rules: readonly WatchedRule[];
  readonly #rebuilds = new Map<string, AbortController>();
  readonly #lastProblem = new Map<string, string>();
  #retry: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(door: WatchDoor, rules: readonly WatchRule[], tell: (event: WatchEvent) => void) {
    this.#door = door;
    this.#tell = tell;
    this.#rules = rules.map(
      (rule) =>
        new WatchedRule(door, rule, {
          stirred: () => this.#debounce.touch(),
          problem: (error) => tell({ type: "problem", service: rule.service, error }),
        }),
    );
    tell({ type: "ready", rules: rules.length });
    this.containersChanged();
  }

  /** Containers came, went or were started: those that are new are brought up to date. */
  containersChanged(): void {
    this.#debounce.touch();
  }

  /** Ends the watch; resolves when nothing is at work any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#debounce.close();
    clearTimeout(this.#retry);
    for (const rebuild of this.#rebuilds.values()) rebuild.abort();
    for (const rule of this.#rules) rule.close();
    await this.#working;
  }

  /** One batch at a time; what comes meanwhile is the next one's. */
  async #work(): Promise<void> {
    this.#again = true;
    this.#working ??= (async () => {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#batch();
      }
      this.#working = undefined;
    })();
    await this.#working;
  }

  async #batch(): Promise<void> {
    const services = new Map<string, Changed[]>();
    for (const watched of this.#rules) {
      const paths = watched.takeChanges();
      if (paths.length === 0 && !watched.hasNewcomers) continue;
      const { service } = watched.rule;
      services.set(service, [...(services.get(service) ?? []), { watched, paths }]);
    }
    await Promise.all([...services].map(([service, rules]) => this.#service(service, rules)));
  }

  /** A rebuild brings everything; else files come first, then what is to be done about them. */
  async #service(service: string, changed: readonly Changed[]): Promise<void> {
    try {
      const rebuilding = changed.filter(
        ({ watched, paths }) => watched.rule.action === "rebuild" && paths.length > 0,
      );
      if (rebuilding.length > 0) return this.#rebuild(service, rebuilding);
      const synced: Changed[] = [];
      for (const one of changed.filter(({ watched }) => synchronises(watched.rule))) {
        if (await this.#sync(one)) synced.push(one);
      }
      await this.#react(service, changed, synced);
    } catch (error) {
      this.#problem(service, error as Error);
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#debounce.touch();
      }, RETRY_MS);
    }
  }

  /** Whether there was something to bring. */
  async #sync({ watched, paths }: Changed): Promise<boolean> {
    const started = performance.now();
    const { changed, removed } = await watched.sync(paths);
    if (changed + removed === 0) return false;
    this.#lastProblem.delete(watched.rule.service);
    this.#told(watched.rule, watched.rule.action, paths, { changed, removed }, started);
    return true;
  }

  async #react(service: string, changed: readonly Changed[], synced: readonly Changed[]): Promise<void> {
    for (const { watched } of synced) {
      const { exec, action } = watched.rule;
      if (action !== "sync+exec" || !exec) continue;
      for (const container of this.#door.containers(service)) await this.#door.exec(container, exec);
    }
    const restarting = changed.filter(
      ({ watched, paths }) =>
        paths.length > 0 &&
        (watched.rule.action === "restart" ||
          (watched.rule.action === "sync+restart" && synced.some((one) => one.watched === watched))),
    );
    if (restarting.length === 0) return;
    const started = performance.now();
    await this.#door.restart(service);
    const { watched, paths } = restarting[0]!;
    this.#told(watched.rule, "restart", paths, { changed: paths.length, removed: 0 }, started);
  }

  /** It goes on beside other batches, so that a newer save can break it off. */
  #rebuild(service: string, changed: readonly Changed[]): void {
    this.#rebuilds.get(service)?.abort();
    const rebuild = new AbortController();
    this.#rebuilds.set(service, rebuild);
    const started = performance.now();
    const paths = changed.flatMap((one) => one.paths);
    const count = { changed: paths.length, removed: 0 };
    this.#door.rebuild(service, rebuild.signal).then(
      () => this.#told(changed[0]!.watched.rule, "rebuild", paths, count, started),
      (error: Error) => {
        if (!rebuild.signal.aborted) this.#problem(service, error);
      },
    );
  }

  #told(
    { service }: WatchRule,
    action: WatchAction,
    paths: readonly string[],
    count: { readonly changed: number; readonly removed: number },
    started: number,
  ): void {
    const milliseconds = Math.round(performance.now() - started);
    this.#tell({
      type: "batch",
      service,
      action,
      paths: paths.slice(0, SHOWN_PATHS),
      ...count,
      milliseconds,
    });
  }

  /** What goes on being wrong is said once. */
  #problem(service: string, error: Error): void {
    if (this.#lastProblem.get(service) === error.message) return;
    this.#lastProblem.set(service, error.message);
    this.#tell({ type: "problem", service, error });
  }
}
