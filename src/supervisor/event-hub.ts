import type { ContainerEvent } from "./protocol.ts";

type Listener = (event: ContainerEvent) => void;

/** Where changes in containers' lives are told; whoever subscribes hears them from then on. */
export class EventHub {
  readonly #listeners = new Set<Listener>();

  publish(event: ContainerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns what ends the subscription. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
