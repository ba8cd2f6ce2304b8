import type { WatchDoor, WatchEvent } from "../contract.ts";
import type { WatchRule } from "../rules/watch-rules.ts";
import { Debounce, systemWatchClock } from "./debounce.ts";
import { EventCount } from "./event-count.ts";
import { type Bases, ServiceWatch } from "./service-watch.ts";

/**
 * Follows the rules until it is closed: what changes on the host is collected for a moment, then brought to the
 * containers. From the moment it is made it knows what the host had; what is made or built between then and `begin` is
 * taken to have that, and everything saved in between comes after it.
 */
export class WatchSession {
  readonly #tell: (event: WatchEvent) => void;
  readonly #debounce = new Debounce(systemWatchClock, () => this.#work());
  readonly #events = new EventCount();
  readonly #services: ReadonlyMap<string, ServiceWatch>;
  readonly #rules: number;
  #isFollowing = false;

  /** `bases`: what an earlier session took images to have. */
  constructor(
    door: WatchDoor,
    rules: readonly WatchRule[],
    tell: (event: WatchEvent) => void,
    bases: Bases = new Map(),
  ) {
    this.#tell = tell;
    this.#rules = rules.length;
    const listener = { tell, stirred: () => this.#stir(), heard: () => this.#events.add() };
    const names = [...new Set(rules.map(({ service }) => service))];
    this.#services = new Map(
      names.map((name) => {
        const own = rules.filter(({ service }) => service === name);
        return [name, new ServiceWatch(door, name, own, listener, bases)];
      }),
    );
  }

  /** Begins to act on what has changed since it was made. */
  begin(): void {
    this.#isFollowing = true;
    for (const service of this.#services.values()) service.begin();
    this.#tell({ type: "ready", rules: this.#rules });
    this.#stir();
  }

  get bases(): Bases {
    return new Map([...this.#services.values()].flatMap(({ bases }) => [...bases]));
  }

  /** Containers came, went or were started: those that are new are brought up to date. */
  containersChanged(): void {
    this.#stir();
  }

  /** Builds a service's image anew, because of these files that no rule is about. */
  rebuild(service: string, paths: readonly string[]): void {
    this.#services.get(service)?.rebuild(paths);
  }

  /** Ends the watch; resolves when nothing is at work any more. */
  async close(): Promise<void> {
    this.#isFollowing = false;
    this.#debounce.close();
    await Promise.all([...this.#services.values()].map((service) => service.close()));
  }

  #stir(): void {
    if (this.#isFollowing) this.#debounce.touch();
  }

  #work(): void {
    const mayHaveLost = this.#events.takeOverflow();
    for (const service of this.#services.values()) {
      if (mayHaveLost) service.doubt();
      void service.work();
    }
  }
}
