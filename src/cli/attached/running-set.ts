import type { RestartPolicy } from "../../runtime/index.ts";
import type { ContainerEvent } from "../../supervisor/index.ts";

/** What the set wants to know of a container that has ended. */
export type RestartProspects = { readonly policy: RestartPolicy; readonly restarts: number };

/**
 * The containers that an attached `up` stays for: those that run, or will run again by their restart policy. Fed with
 * the supervisor's events.
 */
export class RunningSet {
  readonly #ids = new Set<string>();

  get isEmpty(): boolean {
    return this.#ids.size === 0;
  }

  get ids(): readonly string[] {
    return [...this.#ids];
  }

  remove(id: string): void {
    this.#ids.delete(id);
  }

  add(id: string): void {
    this.#ids.add(id);
  }

  /** Takes in an event; returns whether the container has ended for good by it. */
  apply(event: ContainerEvent, prospects: () => RestartProspects | undefined): boolean {
    const { id } = event.container;
    switch (event.action) {
      case "start":
      case "restart":
        this.#ids.add(id);
        return false;
      case "stop":
      case "destroy":
        this.#ids.delete(id);
        return false;
      case "die":
        if (willRestart(Number(event.attributes["exitCode"]), prospects())) return false;
        this.#ids.delete(id);
        return true;
      default:
        return false;
    }
  }
}

/** Whether the restart policy will have the container started again. */
export function willRestart(exitCode: number, prospects: RestartProspects | undefined): boolean {
  if (!prospects) return false;
  const { policy, restarts } = prospects;
  switch (policy.name) {
    case "no":
      return false;
    case "always":
    case "unless-stopped":
      return true;
    case "on-failure":
      return exitCode !== 0 && (policy.maximumRetryCount === 0 || restarts < policy.maximumRetryCount);
  }
}
