import { GantryError } from "../../lib/diagnostic.ts";
import {
  type ContainerEvent,
  type ContainerIdentity,
  type Methods,
  type OpenProject,
  SUPERVISOR_LOST,
  type UpParams,
} from "../../supervisor/index.ts";
import { isProgress } from "../call.ts";
import { INTERRUPTED_EXIT_CODE } from "../exit-codes.ts";
import type { ProgressView } from "../render/progress.ts";
import { type ExitRule, judgeExit } from "./exit-rule.ts";
import { withInterrupts } from "./interrupts.ts";
import { type RestartProspects, RunningSet } from "./running-set.ts";

/** What an attached `up` needs from around it. */
export type AttachedDoor = {
  readonly project: Pick<OpenProject, "call">;
  readonly progress: ProgressView;
  /** Begins to show a container's output; a second time does nothing. */
  readonly follow: (container: ContainerIdentity) => void;
  /** Shows everything a container that has ended wrote. */
  readonly drain: (id: string) => void;
  readonly prospects: (id: string) => RestartProspects | undefined;
  /** Whether it runs or will run again, and how it ended last. */
  readonly stateOf: (id: string) => { readonly isUp: boolean; readonly exitCode: number } | undefined;
  readonly containerOf: (id: string) => ContainerIdentity | undefined;
  readonly announceExit: (container: ContainerIdentity, exitCode: number) => void;
  /** Gets what lets the user leave with everything running. */
  readonly offerLeaving: (leave: () => void) => void;
  /** A line on standard error. */
  readonly remark: (line: string) => void;
};

/**
 * `up` in the foreground: brings the project up, shows the output of its containers, and stays until all of them have
 * ended, the rule says stop, or the user interrupts. Returns the exit code.
 */
export async function attachedUp(door: AttachedDoor, request: UpParams, rule: ExitRule): Promise<number> {
  const run = new AttachedRun(door, request, rule);
  door.offerLeaving(() => run.leave());
  return withInterrupts(
    (count) => run.interrupt(count),
    () => run.perform(),
  );
}

class AttachedRun {
  readonly #door: AttachedDoor;
  readonly #request: UpParams;
  readonly #rule: ExitRule;
  readonly #running = new RunningSet();
  readonly #services = new Set<string>();
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  #exitCode = 0;
  #isUp = false;
  /** The call that ends everything: `stop`, then perhaps `kill`. */
  #ending: Promise<void> | undefined;
  #isStopping = false;
  #isLeaving = false;

  constructor(door: AttachedDoor, request: UpParams, rule: ExitRule) {
    this.#door = door;
    this.#request = request;
    this.#rule = rule;
    this.#ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
  }

  async perform(): Promise<number> {
    const { project } = this.#door;
    // Reaches a supervisor that lives: one that is about to end would take the subscription with it.
    await project.call("status", {});
    this.#listen().catch((error: unknown) => this.#fail(error));
    await this.#bringUp();
    await this.#ended;
    await this.#door.progress.end();
    return this.#exitCode;
  }

  /** Leaves with everything running, once it does. */
  leave(): void {
    if (this.#isStopping || this.#isLeaving) return;
    this.#isLeaving = true;
    this.#door.remark(
      this.#isUp
        ? "Detached; `gantry logs -f` shows the output again, `gantry stop` stops everything"
        : "Detaching as soon as everything is up",
    );
    this.#endWhenDone();
  }

  /** The first interrupt stops everything in order; the next kills it. */
  interrupt(count: number): void {
    if (count === 1) {
      this.#exitCode = INTERRUPTED_EXIT_CODE;
      this.#door.remark("Gracefully stopping... (press Ctrl+C again to force)");
      this.#stopAll();
    } else if (count === 2) {
      this.#endBy("kill", { services: [...this.#services], signal: "SIGKILL" });
    }
  }

  /** Hears of containers, for as long as this command lasts; another supervisor may take over meanwhile. */
  async #listen(): Promise<void> {
    const { project } = this.#door;
    for (;;) {
      try {
        await project.call("subscribe", {}, (event) => {
          if (!isProgress(event)) this.#onContainer(event);
        });
      } catch (error) {
        if (!(error instanceof GantryError && error.code === SUPERVISOR_LOST)) throw error;
      }
      await project.call("status", {});
      this.#catchUp();
    }
  }

  /** What ended while no supervisor was there to tell. */
  #catchUp(): void {
    for (const id of this.#running.ids) {
      const state = this.#door.stateOf(id);
      if (state?.isUp) continue;
      const container = this.#door.containerOf(id);
      this.#running.remove(id);
      if (container) this.#onEnd(container, state?.exitCode ?? 0);
    }
    this.#endWhenDone();
  }

  async #bringUp(): Promise<void> {
    try {
      const { containers } = await this.#door.project.call("up", this.#request, (event) => {
        if (isProgress(event)) this.#door.progress.show(event);
      });
      this.#isUp = true;
      for (const id of containers) this.#stayFor(id);
      this.#endWhenDone();
    } catch (error) {
      if (!(this.#isStopping && error instanceof GantryError && error.code === "interrupted")) throw error;
      this.#isUp = true;
    } finally {
      await this.#door.progress.end();
    }
  }

  /** A container that ran already before this command is shown from now on. */
  #stayFor(id: string): void {
    const container = this.#door.containerOf(id);
    if (!container) return;
    this.#services.add(container.service);
    if (this.#door.stateOf(id)?.isUp) this.#running.add(id);
    this.#door.follow(container);
  }

  #onContainer(event: ContainerEvent): void {
    const { id, service } = event.container;
    if (event.action === "start") {
      this.#services.add(service);
      this.#door.follow(event.container);
    }
    if (this.#running.apply(event, () => this.#door.prospects(id))) {
      this.#onEnd(event.container, Number(event.attributes["exitCode"]));
    }
    this.#endWhenDone();
  }

  #onEnd(container: ContainerIdentity, exitCode: number): void {
    this.#door.drain(container.id);
    this.#door.announceExit(container, exitCode);
    if (this.#isStopping) return;
    const verdict = judgeExit(this.#rule, container.service, exitCode);
    if (verdict.exitCode !== undefined) this.#exitCode = verdict.exitCode;
    if (verdict.stopAll) {
      this.#door.remark("Aborting on container exit...");
      this.#stopAll();
    }
  }

  #stopAll(): void {
    this.#isStopping = true;
    this.#endBy("stop", { services: [...this.#services], timeout: this.#request.timeout });
  }

  /** Leaves when the call is done, unless a later one has taken its place: `kill` breaks off `stop`. */
  #endBy<Name extends "stop" | "kill">(method: Name, params: Methods[Name]["params"]): void {
    const ending = this.#call(method, params);
    this.#ending = ending;
    ending.then(
      () => this.#ending === ending && this.#end(),
      (error: unknown) => this.#ending === ending && this.#fail(error),
    );
  }

  async #call<Name extends "stop" | "kill">(method: Name, params: Methods[Name]["params"]): Promise<void> {
    await this.#door.project.call(method, params, (event) => {
      if (isProgress(event)) this.#door.progress.show(event);
    });
  }

  #endWhenDone(): void {
    if (this.#isUp && (this.#running.isEmpty || this.#isLeaving) && !this.#isStopping) this.#end();
  }
}
