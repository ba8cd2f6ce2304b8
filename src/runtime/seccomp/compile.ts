import type { OciSeccomp, OciSeccompRule } from "../spec/oci-spec.ts";
import { actionValue, errnoValue } from "./action.ts";
import { type Architecture, architectureNamed } from "./architecture.ts";
import { matchArguments } from "./arguments.ts";
import { BPF, either, encodeProgram, type Instruction, statement } from "./bpf.ts";

const OFFSET_NUMBER = 0;
const OFFSET_ARCHITECTURE = 4;
const ENOSYS = 38;

/**
 * Compiles the specification's filter to a classic BPF program for seccomp(2): per architecture a binary search
 * over ranges of call numbers with the same answer. A number above all that we know is ENOSYS rather than the
 * default, so that programs fall back from calls newer than the filter (x32 calls are above all, too).
 * An architecture not in the filter is killed: its numbers mean other calls.
 */
export function compileSeccomp(filter: OciSeccomp): Buffer {
  const architectures = filter.architectures.map(architectureNamed).filter((known) => known !== undefined);
  const unknown = [statement(BPF.returnValue, actionValue({ action: "SCMP_ACT_KILL_PROCESS" }))];
  const byArchitecture = architectures.reduceRight<Instruction[]>(
    (others, architecture) =>
      either(BPF.jumpEqual, architecture.auditNumber, searchNumber(filter, architecture), others),
    unknown,
  );
  return encodeProgram([statement(BPF.loadWord, OFFSET_ARCHITECTURE), ...byArchitecture]);
}

/** Answer to all calls from `first` up to the next range. Equal keys mean equal answers. */
type Range = { readonly first: number; readonly key: string; readonly code: readonly Instruction[] };

function searchNumber(filter: OciSeccomp, architecture: Architecture): Instruction[] {
  return [statement(BPF.loadWord, OFFSET_NUMBER), ...search(rangesOf(filter, architecture))];
}

function search(ranges: readonly Range[]): Instruction[] {
  if (ranges.length === 1) return [...ranges[0]!.code];
  const middle = ranges.length >> 1;
  const [lower, upper] = [ranges.slice(0, middle), ranges.slice(middle)];
  return either(BPF.jumpGreaterOrEqual, upper[0]!.first, search(upper), search(lower));
}

function rangesOf(filter: OciSeccomp, architecture: Architecture): Range[] {
  const answers = answersByNumber(filter, architecture);
  const last = Math.max(...architecture.syscalls.values());
  const defaultAnswer = simple(
    actionValue({ action: filter.defaultAction, errnoRet: filter.defaultErrnoRet }),
  );
  const ranges: Range[] = [];
  for (let number = 0; number <= last + 1; number++) {
    const answer = number > last ? simple(errnoValue(ENOSYS)) : (answers.get(number) ?? defaultAnswer);
    if (answer.key !== ranges.at(-1)?.key) ranges.push({ first: number, ...answer });
  }
  return ranges;
}

type Answer = Omit<Range, "first">;

function answersByNumber(filter: OciSeccomp, architecture: Architecture): Map<number, Answer> {
  const rules = new Map<number, OciSeccompRule[]>();
  for (const rule of filter.syscalls) {
    for (const name of rule.names) {
      const number = architecture.syscalls.get(name);
      if (number !== undefined) rules.set(number, [...(rules.get(number) ?? []), rule]);
    }
  }
  return new Map([...rules].map(([number, applicable]) => [number, answerOf(number, applicable, filter)]));
}

/** A rule without arguments decides alone; otherwise the first whose arguments match, else the default. */
function answerOf(number: number, rules: readonly OciSeccompRule[], filter: OciSeccomp): Answer {
  const unconditional = rules.find((rule) => !rule.args?.length);
  if (unconditional) return simple(actionValue(unconditional));
  const otherwise = actionValue({ action: filter.defaultAction, errnoRet: filter.defaultErrnoRet });
  const code = [
    ...rules.flatMap((rule) => matchArguments(rule.args!, actionValue(rule))),
    statement(BPF.returnValue, otherwise),
  ];
  return { key: `conditional ${number}`, code };
}

function simple(value: number): Answer {
  return { key: String(value), code: [statement(BPF.returnValue, value)] };
}
