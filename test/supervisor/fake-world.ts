import type { ContainerRecord, ContainerState, ExitRecord, ProbeResult } from "../../src/runtime/index.ts";
import type { Clock, RunningProgram, RuntimeDoor } from "../../src/supervisor/containers/runtime-door.ts";
import { SupervisedContainer } from "../../src/supervisor/containers/supervised-container.ts";
import type { ContainerEvent } from "../../src/supervisor/protocol.ts";
import { container } from "../project/observed-fixtures.ts";

/** A clock that moves only when told to. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; callback: () => void }[] = [];

  now = () => this.#now;

  after = (milliseconds: number, callback: () => void) => {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Milliseconds until the next timer, undefined when there is none. */
  get next(): number | undefined {
    const first = Math.min(...this.#timers.map(({ at }) => at));
    return Number.isFinite(first) ? first - this.#now : undefined;
  }

  /** Lets time pass, firing what is due in its order, with everything that follows from it. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#now = due.at;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      due.callback();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets all promises that can settle do so. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** One run of a fake program. */
export class FakeProgram implements RunningProgram {
  readonly pid: number;
  readonly startedAt: number;
  readonly signals: number[] = [];
  readonly ended: Promise<ExitRecord | undefined>;
  readonly #world: FakeWorld;
  #end: (exit: ExitRecord | undefined) => void = () => undefined;

  constructor(world: FakeWorld, pid: number) {
    this.#world = world;
    this.pid = pid;
    this.startedAt = world.clock.now();
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  signal(number: number): void {
    this.signals.push(number);
    if (number === 9) this.exit(137);
    else if (this.#world.handles === "ends") this.exit(0);
  }

  exit(code: number): void {
    const finished = this.#world.clock.now();
    this.#end({ code, signal: 0, oom: false, started: this.startedAt, finished });
  }

  /** Its monitor is killed with it: nobody knows how it ended. */
  vanish(): void {
    this.#end(undefined);
  }
}

/** The door with nothing behind it but what a test says. */
export class FakeWorld implements RuntimeDoor {
  readonly clock = new FakeClock();
  readonly programs: FakeProgram[] = [];
  readonly events: string[] = [];
  readonly states: ContainerState[] = [];
  readonly calls: string[] = [];
  /** How programs take their stop signal: end on it, carry on, or never get to see it. */
  handles: "ends" | "carries on" | "never sees it" = "ends";
  probeExitCode = 1;
  startFails = false;

  start = async () => {
    this.calls.push("start");
    if (this.startFails) throw new Error("port in use");
    const program = new FakeProgram(this, 100 + this.programs.length);
    this.programs.push(program);
    return { program, ports: [], warnings: [] };
  };
  release = async () => void this.calls.push("release");
  withdraw = () => void this.calls.push("withdraw");
  pause = () => void this.calls.push("pause");
  unpause = () => void this.calls.push("unpause");
  memory = () => ({ limit: 64 * 1024 ** 2, peak: 64 * 1024 ** 2 });
  canHandle = () => this.handles !== "never sees it";
  probe = async (): Promise<ProbeResult> => {
    const now = this.clock.now();
    return { started: now, finished: now, exitCode: this.probeExitCode, output: "" };
  };
  saveState = (_record: ContainerRecord, state: ContainerState) => void this.states.push(state);
  remove = async () => void this.calls.push("remove");

  publish = ({ action, attributes }: ContainerEvent) => {
    this.events.push([action, ...Object.values(attributes)].join(" "));
  };

  get program(): FakeProgram {
    return this.programs.at(-1)!;
  }

  /** A container in this world that was made and not started. */
  container(record: Partial<ContainerRecord> = {}): SupervisedContainer {
    const full = container("web", 1, { record }).record;
    const around = { door: this, clock: this.clock, publish: this.publish };
    return new SupervisedContainer(full, { version: 1, desired: "created", restartCount: 0 }, around);
  }
}
