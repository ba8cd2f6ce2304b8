import type { Command } from "commander";
import type { Session } from "./session.ts";

/** One command: what it accepts and what it does. `run` gives the exit code; nothing means 0. */
export type Verb = {
  readonly name: string;
  /** Older names. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Works without root and without any state of gantry's. */
  readonly unprivileged?: boolean;
  /** Changes something and cannot tell beforehand what: refused with `--dry-run`. */
  readonly refusesDryRun?: boolean;
  /** Moves or builds images, as many at once as `--parallel` says. */
  readonly honoursParallel?: boolean;
  /** Declares arguments and options. */
  readonly declare: (command: Command) => unknown;
  readonly run: (
    session: Session,
    operands: readonly string[],
    options: never,
    program: Command,
  ) => Promise<number | undefined>;
};

/** Several commands below a common word: `image load`. */
export type VerbGroup = {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly Verb[];
};

/** Declares a command; `Options` is what commander makes of the options it declares. */
export function defineVerb<Options>(
  verb: Omit<Verb, "run"> & {
    readonly run: (
      session: Session,
      operands: readonly string[],
      options: Options,
      /** The whole command line, for what tells of it. */
      program: Command,
    ) => Promise<number | undefined> | number | undefined;
  },
): Verb {
  return { ...verb, run: async (...parameters) => verb.run(...parameters) };
}
