import { posix } from "node:path";
import type { CommandForm, HealthcheckInstruction, Instruction } from "../dockerfile/instruction.ts";
import { instructionFailed, type StageRun } from "../engine/stage-run.ts";

const DEFAULT_SHELL = ["/bin/sh", "-c"];
const NANOSECONDS = 1_000_000;

/** The argv of a command: one in shell form goes to the stage's shell. */
export function argvOf(run: StageRun, command: CommandForm): string[] {
  if (command.form === "exec") return [...command.argv];
  return [...(run.draft.config.Shell ?? DEFAULT_SHELL), command.text];
}

/** Carries out an instruction that only changes the image's configuration; false for all others. */
export function applyConfig(run: StageRun, instruction: Instruction): boolean {
  const { config } = run.draft;
  switch (instruction.kind) {
    case "arg":
      applyArguments(run, instruction.pairs, instruction);
      return true;
    case "env":
      applyEnvironment(run, instruction);
      return true;
    case "label": {
      const labels = run.variables.expandPairs(instruction.pairs, instruction);
      config.Labels = {
        ...config.Labels,
        ...Object.fromEntries(labels.map(({ key, value }) => [key, value])),
      };
      run.note(`LABEL ${labels.map(({ key, value }) => `${key}=${value}`).join(" ")}`);
      return true;
    }
    case "cmd":
    case "entrypoint":
      applyCommand(run, instruction.kind, argvOf(run, instruction.command));
      return true;
    case "user":
      config.User = run.variables.expand(instruction.value, instruction);
      run.note(`USER ${config.User}`);
      return true;
    case "expose":
      applyPorts(run, instruction);
      return true;
    case "volume": {
      const paths = instruction.values.map((value) => run.variables.expand(value, instruction));
      config.Volumes = { ...config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) };
      run.note(`VOLUME [${paths.join(" ")}]`);
      return true;
    }
    default:
      return applyRarer(run, instruction);
  }
}

function applyRarer(run: StageRun, instruction: Instruction): boolean {
  const { config } = run.draft;
  switch (instruction.kind) {
    case "stopsignal":
      config.StopSignal = run.variables.expand(instruction.value, instruction);
      run.note(`STOPSIGNAL ${config.StopSignal}`);
      return true;
    case "shell":
      config.Shell = instruction.argv;
      run.note(`SHELL [${instruction.argv.join(" ")}]`);
      return true;
    case "healthcheck":
      config.Healthcheck = healthcheckOf(instruction);
      run.note(`HEALTHCHECK ${JSON.stringify(config.Healthcheck)}`);
      return true;
    case "maintainer":
      run.draft.author = instruction.value;
      run.note(`MAINTAINER ${instruction.value}`);
      return true;
    case "onbuild":
      config.OnBuild = [...(config.OnBuild ?? []), instruction.expression];
      return true;
    default:
      return false;
  }
}

/** The directory that a WORKDIR leads to. */
export const workingDirectoryOf = (run: StageRun, written: string): string =>
  posix.resolve("/", run.workingDirectory, written);

function applyArguments(
  run: StageRun,
  pairs: readonly { key: string; value?: string }[],
  at: Instruction,
): void {
  const shown = pairs.map(({ key, value }) => {
    const given = run.request.args[key];
    if (given !== undefined) run.surroundings.consumed(key);
    const own = value === undefined ? run.surroundings.globalArgument(key) : run.variables.expand(value, at);
    const effective = given ?? own;
    run.variables.declare(key, effective);
    return effective === undefined ? key : `${key}=${effective}`;
  });
  run.note(`ARG ${shown.join(" ")}`);
}

function applyEnvironment(run: StageRun, instruction: Extract<Instruction, { kind: "env" | "label" }>): void {
  const pairs = run.variables.expandPairs(instruction.pairs, instruction);
  const merged = new Map((run.draft.config.Env ?? []).map((item) => [item.split("=", 1)[0]!, item]));
  for (const { key, value } of pairs) {
    run.variables.set(key, value);
    merged.set(key, `${key}=${value}`);
  }
  run.draft.config.Env = [...merged.values()];
  run.note(`ENV ${pairs.map(({ key, value }) => `${key}=${value}`).join(" ")}`);
}

function applyCommand(run: StageRun, kind: "cmd" | "entrypoint", argv: readonly string[]): void {
  const { config } = run.draft;
  if (kind === "cmd") {
    config.Cmd = argv;
    config.ArgsEscaped = true;
    run.ownCommand = true;
  } else {
    config.Entrypoint = argv;
    // A command of the base image was meant for its own entry point.
    if (!run.ownCommand) delete config.Cmd;
  }
  run.note(`${kind.toUpperCase()} [${argv.map((word) => JSON.stringify(word)).join(" ")}]`);
}

function applyPorts(run: StageRun, instruction: Extract<Instruction, { kind: "expose" | "volume" }>): void {
  const words = instruction.values.flatMap((value) => run.variables.expandWords(value, instruction));
  const ports = words.flatMap((word) => {
    const match = /^(?:\S*:)?(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(word);
    const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
    if (!match || first > last || last > 65_535) {
      throw instructionFailed(instruction, "dockerfile-port", `"${word}" is not a port`, {
        hint: "Write it like 80, 8000-8010 or 53/udp.",
      });
    }
    const protocol = (match[3] ?? "tcp").toLowerCase();
    return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
  });
  const { config } = run.draft;
  config.ExposedPorts = { ...config.ExposedPorts, ...Object.fromEntries(ports.map((port) => [port, {}])) };
  run.note(`EXPOSE [${ports.join(" ")}]`);
}

function healthcheckOf(instruction: HealthcheckInstruction) {
  const nanoseconds = (value: number | undefined) => (value === undefined ? undefined : value * NANOSECONDS);
  return {
    Test: instruction.test,
    Interval: nanoseconds(instruction.interval),
    Timeout: nanoseconds(instruction.timeout),
    StartPeriod: nanoseconds(instruction.startPeriod),
    StartInterval: nanoseconds(instruction.startInterval),
    Retries: instruction.retries,
  };
}
