/** What a device program is asked: struct bpf_cgroup_dev_ctx. */
export type DeviceAccess = {
  readonly type: "b" | "c";
  readonly major: number;
  readonly minor: number;
  /** Letters of r, w, m. */
  readonly access: string;
};

const KINDS = { m: 1, r: 2, w: 4 } as const;

/** Runs a device program as the kernel would, and refuses what its verifier refuses. */
export function allowsAccess(program: Buffer, asked: DeviceAccess): boolean {
  const length = program.length / 8;
  expectEachReached(program);
  const access = [...asked.access].reduce((bits, letter) => bits | KINDS[letter as keyof typeof KINDS], 0);
  const context = [(access << 16) | (asked.type === "b" ? 1 : 2), asked.major, asked.minor];
  const registers: (number | undefined)[] = [];
  for (let at = 0; at < length; at++) {
    const instruction = instructionAt(program, at);
    if (instruction.code === EXIT) return registers[0] === 1;
    at += execute(instruction, registers, context);
  }
  throw new Error("the program ran off its end");
}

type Registers = (number | undefined)[];
type Instruction = ReturnType<typeof instructionAt>;

const EXIT = 0x95;

/** Changes the registers; returns how many instructions are skipped. */
function execute(
  { code, to, from, skip, value }: Instruction,
  registers: Registers,
  context: readonly number[],
): number {
  const read = (register: number) => {
    const content = registers[register];
    if (content === undefined) throw new Error(`register ${register} has no value yet`);
    return content;
  };
  const compute: Readonly<Record<number, () => number>> = {
    97: () => context[skip / 4]! >>> 0,
    183: () => value,
    188: () => read(from),
    84: () => (read(to) & value) >>> 0,
    116: () => read(to) >>> value,
  };
  const jumps: Readonly<Record<number, () => boolean>> = {
    5: () => true,
    86: () => read(to) !== value >>> 0,
    70: () => (read(to) & value) !== 0,
  };
  if (jumps[code]) return jumps[code]() ? skip : 0;
  if (!compute[code]) throw new Error(`the code ${code} is unknown`);
  registers[to] = compute[code]();
  return 0;
}

const instructionAt = (program: Buffer, at: number) => ({
  code: program[at * 8]!,
  to: program[at * 8 + 1]! & 15,
  from: program[at * 8 + 1]! >> 4,
  skip: program.readInt16LE(at * 8 + 2),
  value: program.readInt32LE(at * 8 + 4),
});

/** The verifier's first pass: no jump leaves the program or goes back, and every instruction can be reached. */
function expectEachReached(program: Buffer): void {
  const length = program.length / 8;
  const reached = new Set([0]);
  for (let at = 0; at < length; at++) {
    if (!reached.has(at)) throw new Error(`unreachable instruction ${at}`);
    const { code, skip } = instructionAt(program, at);
    const isJump = (code & 7) === 5 || (code & 7) === 6;
    if (isJump && skip < 0) throw new Error(`instruction ${at} jumps back`);
    if (code === 0x95) continue;
    if (code !== 0x05) reached.add(at + 1);
    if (isJump) reached.add(at + 1 + skip);
  }
  if (Math.max(...reached) >= length) throw new Error("a jump out of the program");
}
