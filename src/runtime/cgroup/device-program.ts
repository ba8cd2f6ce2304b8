import type { OciDeviceRule } from "../spec/oci-spec.ts";

/**
 * The eBPF program that decides for a cgroup of version 2 which devices may be made and opened
 * (BPF_PROG_TYPE_CGROUP_DEVICE, linux/bpf.h): there are no files for that there, as version 1 has them.
 *
 * The last rule that names a device and a kind of access decides on that kind; the program allows an access when all
 * kinds it asks for are allowed, so it goes through the rules from the last to the first, with the kinds not yet
 * decided in a register. What no rule names is refused.
 */
export function deviceProgram(rules: readonly OciDeviceRule[]): Buffer {
  const blocks: Instruction[][] = [LOAD_CONTEXT];
  for (const rule of rules.toReversed()) {
    blocks.push(blockOf(rule));
    // The kernel refuses programs with instructions that are never reached.
    if (decidesAll(rule)) return encode(blocks.flat());
  }
  return encode([...blocks.flat(), ...answer(REFUSE)]);
}

type Instruction = {
  readonly code: number;
  readonly to: number;
  readonly from?: number;
  readonly skip?: number;
  readonly value?: number;
};

/** Codes of linux/bpf_common.h and linux/bpf.h. */
const LOAD_WORD = 0x61;
const MOVE = 0xb7;
const MOVE_REGISTER_32 = 0xbc;
const AND_32 = 0x54;
const SHIFT_RIGHT_32 = 0x74;
const JUMP = 0x05;
const JUMP_UNLESS_EQUAL_32 = 0x56;
const JUMP_IF_ANY_BIT_32 = 0x46;
const EXIT = 0x95;

const RESULT = 0;
const CONTEXT = 1;
const TYPE = 2;
const ASKED = 3;
const MAJOR = 4;
const MINOR = 5;

const REFUSE = 0;
const ALLOW = 1;

/** struct bpf_cgroup_dev_ctx: the kinds of access above the type of device, major, minor. */
const LOAD_CONTEXT: Instruction[] = [
  { code: LOAD_WORD, to: TYPE, from: CONTEXT, skip: 0 },
  { code: MOVE_REGISTER_32, to: ASKED, from: TYPE },
  { code: SHIFT_RIGHT_32, to: ASKED, value: 16 },
  { code: AND_32, to: TYPE, value: 0xffff },
  { code: LOAD_WORD, to: MAJOR, from: CONTEXT, skip: 4 },
  { code: LOAD_WORD, to: MINOR, from: CONTEXT, skip: 8 },
];

/** BPF_DEVCG_DEV_BLOCK and BPF_DEVCG_DEV_CHAR. */
const DEVICE_TYPE = { b: 1, c: 2 } as const;

/** BPF_DEVCG_ACC_MKNOD, _READ and _WRITE. */
const ACCESS: Readonly<Record<string, number>> = { m: 1, r: 2, w: 4 };
const EVERY_ACCESS = 7;

const accessOf = ({ access }: OciDeviceRule) =>
  [...access].reduce((bits, letter) => bits | (ACCESS[letter] ?? 0), 0);

function blockOf(rule: OciDeviceRule): Instruction[] {
  const verdict = rule.allow ? allow(accessOf(rule)) : refuse(accessOf(rule));
  const wanted = [
    [TYPE, rule.type === "b" || rule.type === "c" ? DEVICE_TYPE[rule.type] : undefined],
    [MAJOR, rule.major],
    [MINOR, rule.minor],
  ] as const;
  const checks = wanted.filter(([, value]) => value !== undefined);
  return [
    ...checks.map(([register, value], index) => ({
      code: JUMP_UNLESS_EQUAL_32,
      to: register,
      value: value!,
      skip: checks.length - index - 1 + verdict.length,
    })),
    ...verdict,
  ];
}

function allow(access: number): Instruction[] {
  if (access === EVERY_ACCESS) return answer(ALLOW);
  return [
    { code: AND_32, to: ASKED, value: EVERY_ACCESS & ~access },
    { code: JUMP_UNLESS_EQUAL_32, to: ASKED, value: 0, skip: 2 },
    ...answer(ALLOW),
  ];
}

function refuse(access: number): Instruction[] {
  if (access === EVERY_ACCESS) return answer(REFUSE);
  return [
    { code: JUMP_IF_ANY_BIT_32, to: ASKED, value: access, skip: 1 },
    { code: JUMP, to: 0, skip: 2 },
    ...answer(REFUSE),
  ];
}

function answer(value: number): Instruction[] {
  return [
    { code: MOVE, to: RESULT, value },
    { code: EXIT, to: 0 },
  ];
}

function decidesAll(rule: OciDeviceRule): boolean {
  const anyDevice =
    rule.type !== "b" && rule.type !== "c" && rule.major === undefined && rule.minor === undefined;
  return anyDevice && accessOf(rule) === EVERY_ACCESS;
}

/** struct bpf_insn, little-endian: code, registers (the source in the upper half), offset, immediate value. */
function encode(instructions: readonly Instruction[]): Buffer {
  const program = Buffer.alloc(instructions.length * 8);
  instructions.forEach(({ code, to, from = 0, skip = 0, value = 0 }, index) => {
    program.writeUInt8(code, index * 8);
    program.writeUInt8((from << 4) | to, index * 8 + 1);
    program.writeInt16LE(skip, index * 8 + 2);
    program.writeInt32LE(value | 0, index * 8 + 4);
  });
  return program;
}
