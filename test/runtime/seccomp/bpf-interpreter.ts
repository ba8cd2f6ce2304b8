/** The data a filter sees: struct seccomp_data. */
export type SystemCall = {
  readonly architecture: number;
  readonly number: number;
  readonly args?: readonly bigint[];
};

/** Runs a seccomp program as the kernel would, and refuses what the kernel's verifier refuses. */
export function runFilter(program: Buffer, call: SystemCall): number {
  const length = program.length / 8;
  if (!Number.isInteger(length) || length > 4096) throw new Error(`a program of ${length} instructions`);
  const data = seccompData(call);
  let accumulator = 0;
  for (let at = 0; at < length; ) {
    const code = program.readUInt16LE(at * 8);
    const k = program.readUInt32LE(at * 8 + 4);
    const [jumpTrue, jumpFalse] = [program[at * 8 + 2]!, program[at * 8 + 3]!];
    const jumpIf = (condition: boolean) => at + 1 + (condition ? jumpTrue : jumpFalse);
    switch (code) {
      case 0x20:
        accumulator = data.readUInt32LE(k);
        at += 1;
        break;
      case 0x54:
        accumulator = (accumulator & k) >>> 0;
        at += 1;
        break;
      case 0x05:
        at += 1 + k;
        break;
      case 0x15:
        at = jumpIf(accumulator === k);
        break;
      case 0x25:
        at = jumpIf(accumulator > k);
        break;
      case 0x35:
        at = jumpIf(accumulator >= k);
        break;
      case 0x06:
        return k;
      default:
        throw new Error(`instruction ${at} has the unknown code ${code}`);
    }
  }
  throw new Error("the program ran off its end");
}

function seccompData({ number, architecture, args = [] }: SystemCall): Buffer {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(architecture, 4);
  for (const [index, value] of args.entries()) data.writeBigUInt64LE(value, 16 + index * 8);
  return data;
}
