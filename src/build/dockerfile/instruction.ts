import type { Heredoc } from "./logical-lines.ts";
import type { Place } from "./source.ts";

/** A command as it is written: for a shell, or as a list of arguments. */
export type CommandForm =
  | { readonly form: "shell"; readonly text: string; readonly heredocs: readonly Heredoc[] }
  | { readonly form: "exec"; readonly argv: readonly string[] };

/** KEY=value, or a key alone (ARG). `legacy`: written as "KEY value". */
export type Pair = { readonly key: string; readonly value?: string; readonly legacy?: boolean };

type Common = {
  readonly place: Place;
  /** The instruction as it is written, continuation lines joined: for progress and history. */
  readonly text: string;
  /** The instruction's name as it is written. */
  readonly written: string;
  /** From 1. */
  readonly firstLine: number;
  readonly lastLine: number;
};

/** What COPY and ADD have in common; flags are as written, before variables are expanded. */
export type TransferFields = {
  readonly sources: readonly string[];
  /** Here-documents among the sources, by their place in `sources`. */
  readonly inline: ReadonlyMap<number, Heredoc>;
  readonly destination: string;
  readonly chown?: string;
  readonly chmod?: string;
  readonly link: boolean;
  readonly exclude: readonly string[];
};

export type FromInstruction = Common & {
  readonly kind: "from";
  readonly image: string;
  readonly platform?: string;
  readonly name?: string;
  /** As the word AS is written. */
  readonly as?: string;
};
export type ArgInstruction = Common & { readonly kind: "arg"; readonly pairs: readonly Pair[] };
export type RunInstruction = Common & {
  readonly kind: "run";
  readonly command: CommandForm;
  /** As written: variables may stand in them. */
  readonly mounts: readonly string[];
  readonly network: "default" | "none" | "host";
  readonly security: "sandbox" | "insecure";
};
export type CopyInstruction = Common &
  TransferFields & { readonly kind: "copy"; readonly from?: string; readonly parents: boolean };
export type AddInstruction = Common &
  TransferFields & {
    readonly kind: "add";
    readonly checksum?: string;
    readonly keepGitDirectory: boolean;
    /** Whether archives are unpacked; undefined: local ones are, remote ones are not. */
    readonly unpack?: boolean;
  };
export type HealthcheckInstruction = Common & {
  readonly kind: "healthcheck";
  /** ["NONE"], ["CMD", …], ["CMD-SHELL", text] */
  readonly test: readonly string[];
  /** Milliseconds. */
  readonly interval?: number;
  readonly timeout?: number;
  readonly startPeriod?: number;
  readonly startInterval?: number;
  readonly retries?: number;
};

/** One instruction of a Dockerfile, by its kind. */
export type Instruction =
  | ArgInstruction
  | RunInstruction
  | CopyInstruction
  | AddInstruction
  | HealthcheckInstruction
  | (Common & { readonly kind: "env" | "label"; readonly pairs: readonly Pair[] })
  | (Common & { readonly kind: "cmd" | "entrypoint"; readonly command: CommandForm })
  | (Common & { readonly kind: "workdir" | "user" | "stopsignal" | "maintainer"; readonly value: string })
  | (Common & { readonly kind: "expose" | "volume"; readonly values: readonly string[] })
  | (Common & { readonly kind: "shell"; readonly argv: readonly string[] })
  | (Common & { readonly kind: "onbuild"; readonly expression: string });

/** A stage: from one FROM to the next. */
export type Stage = {
  readonly index: number;
  /** In lower case; stages without a name go by their index. */
  readonly name?: string;
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
};
