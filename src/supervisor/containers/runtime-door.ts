import type { ContainerRecord, ContainerState, ExitRecord, ProbeResult } from "../../runtime/index.ts";

/** A container's program while it runs, seen through its monitor. */
export type RunningProgram = {
  readonly pid: number;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Settles when the program has ended; undefined when its monitor was killed, so that nothing is known. */
  readonly ended: Promise<ExitRecord | undefined>;
  signal(number: number): void;
};

/**
 * What the supervision of containers needs from outside: the runtime and the network in the product, fakes in the
 * tests of restart, health and stop.
 */
export type RuntimeDoor = {
  /** Publishes its ports, launches the program, makes its names known. Undoes its own part when it fails. */
  start(record: ContainerRecord, options: StartOptions): Promise<StartedProgram>;
  /** Ports and names are given up: the container is down and stays down. */
  release(record: ContainerRecord): Promise<void>;
  /** Its names are taken back while it is down and about to restart. */
  withdraw(record: ContainerRecord): void;
  pause(record: ContainerRecord): void;
  unpause(record: ContainerRecord): void;
  /** Whether process 1 can get to see the signal at all. */
  canHandle(pid: number, signal: number): boolean;
  /** What its memory is limited to and was at the most, in bytes, as far as this host counts it. */
  memory(record: ContainerRecord): { readonly limit?: number; readonly peak?: number } | undefined;
  probe(record: ContainerRecord): Promise<ProbeResult>;
  saveState(record: ContainerRecord, state: ContainerState): void;
  /** Removes the container and everything that belongs to it alone; its log can be kept for a successor. */
  remove(record: ContainerRecord, keptLog: boolean): Promise<void>;
};

export type StartOptions = {
  /** Keep its first output back for the client that is going to attach. */
  readonly hold: boolean;
  /** As bound before: preferred where any port will do. */
  readonly ports: ContainerState["ports"];
};

export type StartedProgram = {
  readonly program: RunningProgram;
  readonly ports: ContainerState["ports"];
  /** What was asked for and could not be given on this host: the program runs without it. */
  readonly warnings: readonly string[];
};

/** The clock, so that tests need not wait. */
export type Clock = {
  now(): number;
  /** Calls back once; returns what cancels it. */
  after(milliseconds: number, callback: () => void): () => void;
};

export const systemClock: Clock = {
  now: Date.now,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
