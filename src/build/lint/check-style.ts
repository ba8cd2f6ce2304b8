import type { Diagnostic } from "../../lib/diagnostic.ts";
import { ExpansionFault, expandWord } from "../dockerfile/expand.ts";
import type { Instruction, Stage } from "../dockerfile/instruction.ts";
import type { Dockerfile } from "../dockerfile/parse.ts";
import { diagnosticAt, type Place } from "../dockerfile/source.ts";

/** BuildKit's names of its checks, so that `# check=skip=…` of a file means the same here. */
export type RuleName =
  | "ConsistentInstructionCasing"
  | "DuplicateStageName"
  | "ExposeProtoCasing"
  | "FromAsCasing"
  | "FromPlatformFlagConstDisallowed"
  | "InvalidDefaultArgInFrom"
  | "JSONArgsRecommended"
  | "LegacyKeyValueFormat"
  | "MaintainerDeprecated"
  | "MultipleInstructionsDisallowed"
  | "NoEmptyContinuation"
  | "RedundantTargetPlatform"
  | "ReservedStageName"
  | "SecretsUsedInArgOrEnv"
  | "StageNameCasing"
  | "UndefinedArgInFrom"
  | "WorkdirRelativePath";

type Tell = (rule: RuleName, place: Place, message: string, hint?: string) => void;

/** What is remarkable about a Dockerfile that is not wrong, in the order of its lines. */
export function checkStyle(dockerfile: Dockerfile): Diagnostic[] {
  const skipped = skippedRules(dockerfile.directives.check);
  const found: Diagnostic[] = [];
  const tell: Tell = (rule, place, message, hint) => {
    if (!skipped(rule)) found.push(diagnosticAt("warning", place, rule, message, hint));
  };
  for (const line of dockerfile.emptyContinuations) {
    tell("NoEmptyContinuation", line.at(0, 1), "an empty line stands in a continued instruction");
  }
  checkCasing(dockerfile, tell);
  checkStageNames(dockerfile.stages, tell);
  for (const stage of dockerfile.stages) {
    checkFrom(dockerfile, stage, tell);
    for (const instruction of stage.instructions) checkInstruction(instruction, tell);
    checkRepetition(stage, tell);
    checkWorkdir(stage, tell);
  }
  return found.sort((one, other) => one.position!.line - other.position!.line);
}

/** Whether the directive asks for faults to end the build ("error=true"). */
export const isStrict = (check: string | undefined): boolean =>
  (check ?? "").split(";").some((part) => part.trim().toLowerCase() === "error=true");

function skippedRules(check = ""): (rule: RuleName) => boolean {
  const lists = check.split(";").flatMap((part) => /^\s*skip=(.*)$/i.exec(part)?.[1]?.split(",") ?? []);
  const names = new Set(lists.map((name) => name.trim().toLowerCase()));
  return (rule) => names.has("all") || names.has(rule.toLowerCase());
}

function checkCasing({ stages, globalArguments }: Dockerfile, tell: Tell): void {
  const all = [...globalArguments, ...stages.flatMap((stage) => [stage.from, ...stage.instructions])];
  const upper = all.filter(({ written }) => written === written.toUpperCase()).length;
  const isUpper = upper * 2 >= all.length;
  for (const { written, place } of all) {
    const wanted = isUpper ? written.toUpperCase() : written.toLowerCase();
    if (written === wanted) continue;
    const at = { ...place, length: written.length };
    tell(
      "ConsistentInstructionCasing",
      at,
      `${written} is not in the case of the other instructions`,
      `Write ${wanted}.`,
    );
  }
}

function checkStageNames(stages: readonly Stage[], tell: Tell): void {
  const seen = new Set<string>();
  for (const { name, from } of stages) {
    if (name === undefined) continue;
    if (seen.has(name)) tell("DuplicateStageName", from.place, `there is a stage "${name}" already`);
    if (name === "scratch" || name === "context")
      tell("ReservedStageName", from.place, `"${name}" has a meaning of its own`);
    if (from.name !== name)
      tell("StageNameCasing", from.place, `the stage name ${from.name} is not in lower case`);
    seen.add(name);
  }
}

function checkFrom({ globalArguments, directives }: Dockerfile, { from }: Stage, tell: Tell): void {
  const word = from.text.split(/\s/, 1)[0]!;
  const isUpper = word === word.toUpperCase();
  if (from.as !== undefined && (from.as === from.as.toUpperCase()) !== isUpper) {
    tell("FromAsCasing", from.place, `${from.as} is not in the case of ${word}`);
  }
  if (/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(from.platform ?? "")) {
    tell("RedundantTargetPlatform", from.place, "the target's platform is the default anyway");
  } else if (from.platform !== undefined && !from.platform.includes("$")) {
    tell(
      "FromPlatformFlagConstDisallowed",
      from.place,
      `--platform=${from.platform} leaves no choice to who builds`,
    );
  }
  const defaults = new Map(
    globalArguments.flatMap(({ pairs }) => pairs.map(({ key, value }) => [key, value] as const)),
  );
  const undeclared: string[] = [];
  const lookup = (name: string) => {
    if (!defaults.has(name) && !/^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/.test(name))
      undeclared.push(name);
    return defaults.get(name);
  };
  try {
    const image = expandWord(from.image, lookup, { escapeToken: directives.escapeToken });
    for (const name of undeclared)
      tell("UndefinedArgInFrom", from.place, `no ARG before the first FROM declares ${name}`);
    const isEmpty = undeclared.length === 0 && (image === "" || /[:/]$/.test(image));
    if (isEmpty)
      tell("InvalidDefaultArgInFrom", from.place, `without arguments ${from.image} is no image's name`);
  } catch (error) {
    if (!(error instanceof ExpansionFault)) throw error;
  }
}

const SECRET = /(?:^|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const PUBLIC = /public|(?:^|_)(?:file|path|id|name)(?:_|$)/i;

function checkInstruction(instruction: Instruction, tell: Tell): void {
  const { place } = instruction;
  if (instruction.kind === "maintainer") {
    tell(
      "MaintainerDeprecated",
      place,
      "MAINTAINER is of old",
      'Write LABEL org.opencontainers.image.authors="…"',
    );
  }
  if (
    (instruction.kind === "cmd" || instruction.kind === "entrypoint") &&
    instruction.command.form === "shell"
  ) {
    const message = `${instruction.kind.toUpperCase()} in shell form: signals reach the shell, not the program`;
    tell("JSONArgsRecommended", place, message, 'Write it as ["program", "argument"].');
  }
  if (instruction.kind === "expose") {
    const odd = instruction.values.find((value) => /\/(?=.*[A-Z])[a-zA-Z]+$/.test(value));
    if (odd !== undefined) tell("ExposeProtoCasing", place, `the protocol of ${odd} is not in lower case`);
  }
  if (instruction.kind !== "env" && instruction.kind !== "label" && instruction.kind !== "arg") return;
  for (const { key, legacy } of instruction.pairs) {
    if (legacy) tell("LegacyKeyValueFormat", place, `"${key} value" is the old form`, `Write ${key}=value.`);
    if (instruction.kind === "label" || !SECRET.test(key) || PUBLIC.test(key)) continue;
    const hint = "Use RUN --mount=type=secret.";
    tell(
      "SecretsUsedInArgOrEnv",
      place,
      `${key} seems to be a secret, and everybody can read it in the image`,
      hint,
    );
  }
}

function checkRepetition({ instructions }: Stage, tell: Tell): void {
  for (const kind of ["cmd", "entrypoint", "healthcheck"] as const) {
    for (const earlier of instructions.filter((one) => one.kind === kind).slice(0, -1)) {
      const message = `only the last ${kind.toUpperCase()} of a stage has an effect`;
      tell("MultipleInstructionsDisallowed", earlier.place, message);
    }
  }
}

/** The first one decides: what follows a absolute one is relative to something that is known. */
function checkWorkdir({ instructions }: Stage, tell: Tell): void {
  const first = instructions.find(({ kind }) => kind === "workdir");
  if (first?.kind !== "workdir" || /^["']?[/$]/.test(first.value)) return;
  const message = `WORKDIR ${first.value} depends on what the base image has set`;
  tell("WorkdirRelativePath", first.place, message, "Begin with /.");
}
