/** One instruction of classic BPF: struct sock_filter (linux/filter.h). */
export type Instruction = {
  readonly code: number;
  readonly jumpTrue: number;
  readonly jumpFalse: number;
  readonly k: number;
};

/** Instruction codes used by seccomp filters (linux/bpf_common.h). */
export const BPF = {
  loadWord: 0x20,
  and: 0x54,
  jump: 0x05,
  jumpEqual: 0x15,
  jumpGreater: 0x25,
  jumpGreaterOrEqual: 0x35,
  returnValue: 0x06,
} as const;

const FARTHEST_CONDITIONAL_JUMP = 255;

export const statement = (code: number, k: number): Instruction => ({ code, jumpTrue: 0, jumpFalse: 0, k });

/** Jumps count the instructions skipped. */
export function branch(code: number, k: number, jumpTrue: number, jumpFalse: number): Instruction {
  return { code, jumpTrue, jumpFalse, k };
}

/** Runs `otherwise` unless the comparison holds, then `whenTrue`; both blocks must end in a return. */
export function either(
  code: number,
  k: number,
  whenTrue: readonly Instruction[],
  otherwise: readonly Instruction[],
): Instruction[] {
  const near = otherwise.length <= FARTHEST_CONDITIONAL_JUMP;
  const head = near
    ? [branch(code, k, otherwise.length, 0)]
    : [branch(code, k, 0, 1), statement(BPF.jump, otherwise.length)];
  return [...head, ...otherwise, ...whenTrue];
}

/** The program as the kernel reads it: an array of struct sock_filter, little-endian. */
export function encodeProgram(instructions: readonly Instruction[]): Buffer {
  const program = Buffer.alloc(instructions.length * 8);
  instructions.forEach(({ code, jumpTrue, jumpFalse, k }, index) => {
    program.writeUInt16LE(code, index * 8);
    program.writeUInt8(jumpTrue, index * 8 + 2);
    program.writeUInt8(jumpFalse, index * 8 + 3);
    program.writeUInt32LE(k, index * 8 + 4);
  });
  return program;
}
