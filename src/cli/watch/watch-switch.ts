import type { OpenProject } from "../../supervisor/index.ts";
import type { LoadedModel } from "../load/load-model.ts";
import type { Session } from "../session.ts";
import { remark, tellFailure } from "../tell.ts";
import { prepareWatching } from "./start-watching.ts";
import type { Watching } from "./watching.ts";

/** The watch of an attached `up`: on from its start with `--watch`, or switched on and off while it runs. */
export class WatchSwitch {
  readonly #prepare: () => Watching;
  readonly #session: Session;
  #watching: Watching | undefined;

  constructor(session: Session, project: OpenProject, model: LoadedModel, services: readonly string[]) {
    this.#session = session;
    this.#prepare = () => prepareWatching(session, project, model, services, { isBesideOutput: true });
  }

  get isOn(): boolean {
    return this.#watching !== undefined;
  }

  /** Notes what the host has, before images are built. Throws when there is nothing to watch. */
  prepare(): void {
    this.#watching ??= this.#prepare();
  }

  /** Brings files from now on; a failure is told. */
  turnOn(): void {
    try {
      this.prepare();
      this.#watching?.begin().catch((error: unknown) => tellFailure(this.#session, error));
    } catch (error) {
      tellFailure(this.#session, error);
    }
  }

  async turnOff(): Promise<void> {
    const watching = this.#watching;
    this.#watching = undefined;
    await watching?.close();
  }

  /** For a key of the menu. */
  async toggle(): Promise<void> {
    if (!this.isOn) return this.turnOn();
    await this.turnOff();
    remark(this.#session, "The watch is off");
  }
}
