import { signalName } from "../../lib/signal.ts";
import type { WaitCondition } from "../../project/index.ts";
import type {
  ContainerRecord,
  ContainerState,
  ContainerStatus,
  ExitRecord,
  Health,
} from "../../runtime/index.ts";
import type { Cause, ContainerEvent } from "../protocol.ts";
import { judge, type Snapshot } from "./condition.ts";
import { endCause, type SentSignal } from "./end-cause.ts";
import { eventSubject } from "./event-subject.ts";
import { healthCause } from "./health-cause.ts";
import { HealthWatch } from "./health-watch.ts";
import { decideRestart, noRestarts, type RestartMemory } from "./restart-decision.ts";
import type { Clock, RunningProgram, RuntimeDoor, StartedProgram } from "./runtime-door.ts";
import { type StopOptions, stopProgram } from "./stop-program.ts";
import { Turns } from "./turns.ts";

/** Where a container is in its life. Exactly one of these, with what is known in it. */
type Phase =
  | { readonly name: "created" | "starting" | "removed" }
  | {
      readonly name: "running";
      readonly program: RunningProgram;
      readonly paused: boolean;
      readonly health?: HealthWatch;
    }
  | { readonly name: "restarting"; readonly due: number; readonly cancel: () => void }
  | { readonly name: "exited"; readonly exit?: ExitRecord };

export type Surroundings = {
  readonly door: RuntimeDoor;
  readonly clock: Clock;
  readonly publish: (event: ContainerEvent) => void;
  /** Hears of health checks until the first that decides. */
  readonly noteProbe?: (record: ContainerRecord, health: Health) => void;
};

const SIGKILL = 9;

/**
 * One container of the project, as its supervisor sees it: the only place that starts, stops and removes it, and that
 * keeps its promises (restart policy, health). Its own commands happen one after the other.
 */
export class SupervisedContainer {
  /** Another one with each network that it is connected to or taken off by hand. */
  record: ContainerRecord;
  readonly #around: Surroundings;
  readonly #turns = new Turns();
  readonly #waiters = new Set<() => void>();
  #phase: Phase;
  #state: ContainerState;
  #restarts: RestartMemory;
  /** The last signal it was sent in this run. */
  #sent: SentSignal | undefined;

  /** A container that is known from disk, not running as far as one knows; `adopt` follows when it is. */
  constructor(record: ContainerRecord, state: ContainerState, around: Surroundings, exit?: ExitRecord) {
    this.record = record;
    this.#state = state;
    this.#around = around;
    this.#restarts = { ...noRestarts, count: state.restartCount };
    this.#phase = state.startedAt === undefined ? { name: "created" } : { name: "exited", exit };
  }

  get id(): string {
    return this.record.id;
  }

  get state(): ContainerState {
    return this.#state;
  }

  get exit(): ExitRecord | undefined {
    return this.#phase.name === "exited" ? this.#phase.exit : undefined;
  }

  get pid(): number | undefined {
    return this.#phase.name === "running" ? this.#phase.program.pid : undefined;
  }

  /** Running, or going to be without a further command. */
  get isAlive(): boolean {
    return ["starting", "running", "restarting"].includes(this.#phase.name);
  }

  get status(): ContainerStatus {
    const phase = this.#phase;
    if (phase.name === "running") return phase.paused ? "paused" : "running";
    // Between two commands it can only be its policy that starts it: a stop must not pass it over.
    if (phase.name === "starting") return "restarting";
    if (phase.name === "removed") return "dead";
    if (phase.name === "exited" && !phase.exit) return "dead";
    return phase.name;
  }

  /** Tells that it has been made. */
  announce(cause: Cause): void {
    this.#publish("create", {}, cause);
  }

  /**
   * Takes over a program that was started by an earlier supervisor, which may have been killed before it noted that,
   * and whose ports may have become others.
   */
  adopt({ program, ports }: Omit<StartedProgram, "warnings">, paused: boolean): void {
    this.#save({ startedAt: program.startedAt, ports });
    this.#enterRunning(program, paused, this.#state.health);
  }

  /** It ended while no supervisor was there to see it: what its policy promises happens now. */
  resumeAfterEnd(exit: ExitRecord | undefined): void {
    this.#ended(exit, exit?.started ?? this.#state.startedAt ?? 0);
  }

  /**
   * Starts it unless it runs; `hold` keeps its first output back for the client that will attach. Resolves with what
   * this host could not give it.
   */
  start(cause: Cause, hold = false): Promise<readonly string[]> {
    return this.#turns.take(async () => {
      if (this.#phase.name === "running" || this.#phase.name === "removed") return [];
      if (this.#phase.name === "restarting") this.#phase.cancel();
      this.#restarts = noRestarts;
      return this.#launch(hold, { restartCount: 0 }, cause);
    });
  }

  /** Stops it for good: the restart policy is not asked. */
  stop(options: StopOptions): Promise<void> {
    return this.#turns.take(async () => {
      this.#save({ desired: "stopped", restartingUntil: undefined });
      this.#cancelRestart();
      const phase = this.#phase;
      if (phase.name !== "running") return;
      if (phase.paused) this.#around.door.unpause(this.record);
      const { door, clock } = this.#around;
      const send = (signal: number, why: string) => this.#send(phase.program, signal, why);
      await stopProgram(this.record, { ...phase.program, send }, options, door, clock);
      await this.#until(() => this.#phase !== phase);
      this.#publish("stop", {}, { text: options.why });
    });
  }

  /** Sends a signal. One that is meant to end it also keeps it down. */
  async kill(signal: number): Promise<void> {
    const phase = this.#phase;
    if (signal === SIGKILL || signal === this.record.stopSignal) {
      this.#save({ desired: "stopped", restartingUntil: undefined });
      this.#cancelRestart();
    }
    if (phase.name !== "running") return;
    this.#send(phase.program, signal, `\`gantry kill\` asked for ${signalName(signal)}`);
    if (signal !== SIGKILL) return;
    if (phase.paused) this.#around.door.unpause(this.record);
    await this.#until(() => this.#phase !== phase);
  }

  setPaused(paused: boolean, why: string): Promise<void> {
    return this.#turns.take(async () => {
      const phase = this.#phase;
      if (phase.name !== "running" || phase.paused === paused) return;
      if (paused) this.#around.door.pause(this.record);
      else this.#around.door.unpause(this.record);
      this.#become({ ...phase, paused });
      this.#publish(paused ? "pause" : "unpause", {}, { text: why });
    });
  }

  /** Removes a container that is down; its log stays with the project where another one takes its place. */
  remove(cause: Cause, keptLog: boolean): Promise<void> {
    return this.#turns.take(async () => {
      this.#cancelRestart();
      await this.#around.door.remove(this.record, keptLog);
      this.#become({ name: "removed" });
      this.#publish("destroy", {}, cause);
    });
  }

  /** Resolves when the condition holds; rejects with a ConditionFailed when it cannot any more. */
  async waitFor(condition: WaitCondition, signal: AbortSignal): Promise<void> {
    const verdict = () => judge(this.#snapshot(), condition);
    await this.#until(() => verdict().verdict !== "pending", signal);
    const final = verdict();
    if (final.verdict === "fails") throw new ConditionFailed(this, final.reason);
  }

  /** Resolves when it is down and will stay so, with how it ended. */
  async untilDown(signal: AbortSignal): Promise<ExitRecord | undefined> {
    await this.#until(() => !this.isAlive, signal);
    return this.exit;
  }

  async #launch(hold: boolean, changes: Partial<ContainerState>, cause: Cause): Promise<readonly string[]> {
    const before = this.#phase;
    this.#sent = undefined;
    this.#become({ name: "starting" });
    this.#save({ desired: "running", health: undefined, restartingUntil: undefined, ...changes });
    try {
      const { program, ports, warnings } = await this.#around.door.start(this.record, {
        hold,
        ports: this.#state.ports,
      });
      this.#save({ startedAt: program.startedAt, ports });
      this.#enterRunning(program, false, undefined);
      this.#publish("start", {}, cause);
      return warnings;
    } catch (error) {
      this.#save({ desired: "stopped" });
      this.#become(before.name === "created" ? before : { name: "exited" });
      throw error;
    }
  }

  #enterRunning(program: RunningProgram, paused: boolean, health: ContainerState["health"]): void {
    const { door, clock } = this.#around;
    const check = this.record.healthcheck;
    const watch =
      check &&
      new HealthWatch(check, program.startedAt, health, {
        clock,
        probe: () => door.probe(this.record),
        onChange: (changed, turned) => {
          this.#save({ health: changed });
          if (turned || changed.status === "starting") this.#around.noteProbe?.(this.record, changed);
          if (turned) {
            this.#publish("health_status", { health_status: changed.status }, healthCause(check, changed));
          }
          this.#wake();
        },
      });
    const phase: Phase = { name: "running", program, paused, health: watch };
    this.#become(phase);
    watch?.start();
    void program.ended.then((exit) => {
      if (this.#phase.name !== "running" || this.#phase.program !== program) return;
      watch?.stop();
      this.#ended(exit, program.startedAt);
    });
  }

  #ended(exit: ExitRecord | undefined, startedAt: number, failure: Record<string, string> = {}): void {
    const { clock, door } = this.#around;
    const code = exit?.code ?? 128 + SIGKILL;
    const decision = decideRestart(this.record.restart, this.#restarts, {
      code,
      ranFor: (exit?.finished ?? clock.now()) - startedAt,
      byHand: this.#state.desired !== "running",
    });
    const { health } = this.#state;
    const memory = exit?.oom ? door.memory(this.record) : undefined;
    const cause = endCause({ exit, sent: this.#sent, memory, health, decision });
    if (exit?.oom) this.#publish("oom", {}, cause);
    this.#publish("die", { exitCode: String(code), ...failure }, cause);
    if (!decision.restart) {
      this.#become({ name: "exited", exit });
      void door.release(this.record);
      return;
    }
    door.withdraw(this.record);
    this.#restarts = decision.memory;
    const due = clock.now() + decision.memory.delay;
    const cancel = clock.after(decision.memory.delay, () => this.#restart());
    this.#save({ restartingUntil: due });
    this.#become({ name: "restarting", due, cancel });
  }

  #restart(): void {
    void this.#turns.take(async () => {
      if (this.#phase.name !== "restarting") return;
      const began = this.#around.clock.now();
      const { count } = this.#restarts;
      const cause = { text: `restart policy ${this.record.restart.name}, restart ${count}` };
      try {
        await this.#launch(false, { restartCount: count }, cause);
        this.#publish("restart", {}, cause);
      } catch (error) {
        // The policy's word stands: it is tried again, later and later.
        const exit = { code: 128, signal: 0, oom: false, started: began, finished: began };
        this.#save({ desired: "running" });
        this.#ended(exit, began, { error: (error as Error).message });
      }
    });
  }

  #cancelRestart(): void {
    if (this.#phase.name !== "restarting") return;
    this.#phase.cancel();
    this.#become({ name: "exited" });
    void this.#around.door.release(this.record);
  }

  #send(program: RunningProgram, signal: number, why: string): void {
    this.#sent = { signal, why };
    program.signal(signal);
    this.#publish("kill", { signal: String(signal) }, { text: why });
  }

  #snapshot(): Snapshot {
    const phase = this.#phase;
    return {
      phase: phase.name,
      exitCode: phase.name === "exited" ? phase.exit?.code : undefined,
      health: phase.name === "running" ? phase.health?.health.status : undefined,
      restart: this.record.restart.name,
    };
  }

  #become(phase: Phase): void {
    this.#phase = phase;
    this.#wake();
  }

  #wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }

  async #until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(check);
        signal?.removeEventListener("abort", abort);
      };
      const check = () => {
        if (!holds()) return;
        leave();
        resolve();
      };
      const abort = () => {
        leave();
        reject(signal!.reason);
      };
      this.#waiters.add(check);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  #save(changes: Partial<ContainerState>): void {
    if (this.#phase.name === "removed") return;
    this.#state = { ...this.#state, ...changes };
    this.#around.door.saveState(this.record, this.#state);
  }

  #publish(action: ContainerEvent["action"], attributes: Record<string, string> = {}, cause?: Cause): void {
    const time = this.#around.clock.now();
    const container = eventSubject(this.record);
    this.#around.publish({ container, action, attributes, ...(cause && { cause }), time });
  }
}

/** A condition that was waited for cannot come to hold any more. */
export class ConditionFailed extends Error {
  readonly container: SupervisedContainer;
  readonly reason: string;

  constructor(container: SupervisedContainer, reason: string) {
    super(`container ${container.record.name} ${reason}`);
    this.container = container;
    this.reason = reason;
  }
}
