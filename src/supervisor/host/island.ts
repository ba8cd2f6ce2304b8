import { applyNetworkSet } from "../../net/index.ts";
import type { OwnedNetwork } from "../../project/index.ts";
import { Turns } from "../containers/turns.ts";

/** Bridges and rules of the project namespace. */
export class Island {
  readonly #turns = new Turns();
  readonly #afterwards: (networks: readonly OwnedNetwork[]) => Promise<void>;
  #wanted: readonly OwnedNetwork[];
  #applied: readonly OwnedNetwork[] | undefined;

  /** `networks` are those the project owns; they are made when first needed, and `afterwards` belongs to it. */
  constructor(
    networks: readonly OwnedNetwork[],
    afterwards: (networks: readonly OwnedNetwork[]) => Promise<void>,
  ) {
    this.#wanted = networks;
    this.#afterwards = afterwards;
  }

  get networks(): readonly OwnedNetwork[] {
    return this.#wanted;
  }

  /**
   * Goes by these networks from now on. Several calls at once make one change. When none is left nothing is taken
   * apart: the namespace is about to go as a whole, and deleting its bridges one by one would take a `down` longer
   * than everything else. Should a network come instead, the change starts from what is still there.
   */
  async apply(networks: readonly OwnedNetwork[]): Promise<void> {
    this.want(networks);
    if (networks.length > 0) await this.ready();
  }

  /** Goes by these networks from now on; they are made when one is first needed. */
  want(networks: readonly OwnedNetwork[]): void {
    this.#wanted = networks;
  }

  /** Resolves when the namespace is as wanted. */
  async ready(): Promise<void> {
    if (this.#applied === this.#wanted) return;
    await this.#turns.take(async () => {
      const wanted = this.#wanted;
      if (this.#applied === wanted) return;
      await applyNetworkSet(wanted, this.#applied);
      await this.#afterwards(wanted);
      this.#applied = wanted;
    });
  }
}
