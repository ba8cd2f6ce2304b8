import { GantryError } from "../../lib/diagnostic.ts";
import type { OciSeccompArgument } from "../spec/oci-spec.ts";
import { BPF, branch, type Instruction, statement } from "./bpf.ts";

/** struct seccomp_data holds six 64-bit arguments from here on; BPF loads them as two words each. */
const OFFSET_ARGUMENTS = 16;

/** Returns `value` when all arguments match, else goes on behind this block. */
export function matchArguments(args: readonly OciSeccompArgument[], value: number): Instruction[] {
  const code: Instruction[] = [statement(BPF.returnValue, value)];
  // From the last: each comparison must know how much to skip.
  for (const argument of args.toReversed()) code.unshift(...compare(argument, code.length));
  return code;
}

/** Goes on behind this block when the comparison holds, else skips `missed` further instructions. */
function compare(argument: OciSeccompArgument, missed: number): Instruction[] {
  const value = words(argument.value);
  switch (argument.op) {
    case "SCMP_CMP_EQ":
      return equal(argument.index, value, missed);
    case "SCMP_CMP_NE":
      return notEqual(argument.index, value, missed);
    case "SCMP_CMP_MASKED_EQ":
      return maskedEqual(argument.index, value, words(argument.valueTwo ?? 0), missed);
    case "SCMP_CMP_GT":
      return ordered(argument.index, value, BPF.jumpGreater, true, missed);
    case "SCMP_CMP_GE":
      return ordered(argument.index, value, BPF.jumpGreaterOrEqual, true, missed);
    case "SCMP_CMP_LT":
      return ordered(argument.index, value, BPF.jumpGreaterOrEqual, false, missed);
    case "SCMP_CMP_LE":
      return ordered(argument.index, value, BPF.jumpGreater, false, missed);
    default:
      throw new GantryError(
        "bad-seccomp-profile",
        `the seccomp profile has an unknown comparison "${argument.op}"`,
      );
  }
}

type Words = { readonly high: number; readonly low: number };

function words(value: number): Words {
  const whole = BigInt(value);
  return { high: Number((whole >> 32n) & 0xffffffffn), low: Number(whole & 0xffffffffn) };
}

const loadLow = (index: number) => statement(BPF.loadWord, OFFSET_ARGUMENTS + index * 8);
const loadHigh = (index: number) => statement(BPF.loadWord, OFFSET_ARGUMENTS + index * 8 + 4);

function equal(index: number, value: Words, missed: number): Instruction[] {
  return [
    loadHigh(index),
    branch(BPF.jumpEqual, value.high, 0, missed + 2),
    loadLow(index),
    branch(BPF.jumpEqual, value.low, 0, missed),
  ];
}

function notEqual(index: number, value: Words, missed: number): Instruction[] {
  return [
    loadHigh(index),
    branch(BPF.jumpEqual, value.high, 0, 2),
    loadLow(index),
    branch(BPF.jumpEqual, value.low, missed, 0),
  ];
}

function maskedEqual(index: number, mask: Words, value: Words, missed: number): Instruction[] {
  return [
    loadHigh(index),
    statement(BPF.and, mask.high),
    branch(BPF.jumpEqual, value.high, 0, missed + 3),
    loadLow(index),
    statement(BPF.and, mask.low),
    branch(BPF.jumpEqual, value.low, 0, missed),
  ];
}

/** Compares as unsigned 64-bit numbers: the high words decide unless they are equal. */
function ordered(
  index: number,
  value: Words,
  lowComparison: number,
  whenGreater: boolean,
  missed: number,
): Instruction[] {
  const [greater, less] = whenGreater ? [0, missed] : [missed, 0];
  return [
    loadHigh(index),
    branch(BPF.jumpGreater, value.high, greater + 3, 0),
    branch(BPF.jumpEqual, value.high, 0, less + 2),
    loadLow(index),
    branch(lowComparison, value.low, greater, less),
  ];
}
