import { type FieldType, OPS, type Op, PLAN_MAGIC, PLAN_VERSION } from "./ops.generated.ts";

/** Number of operations in the header of a plan whose length is not known beforehand (a tree stream). */
export const STREAM_COUNT = 0xffffffff;

/**
 * Encodes a plan for gantry-shim: header and operations (docs/launch-plan.md).
 * Throws a RangeError or TypeError when a value does not fit its field: a programming error, never user input.
 */
export function encodePlan(ops: readonly Op[]): Buffer {
  return Buffer.concat([encodePlanHeader(ops.length), ...ops.map(encodeOp)]);
}

/** The header alone, for streams; `count` is the number of operations or STREAM_COUNT. */
export function encodePlanHeader(count: number): Buffer {
  const header = Buffer.alloc(12);
  header.write(PLAN_MAGIC, 0, "latin1");
  header.writeUInt16LE(PLAN_VERSION, 4);
  header.writeUInt32LE(count, 8);
  return header;
}

/** One operation: code, reserved zero, payload length, payload. */
export function encodeOp(op: Op): Buffer {
  const definition = OPS[op.op];
  const values = op as unknown as Record<string, unknown>;
  const payload = Buffer.concat(
    definition.fields.map(([name, type]) => encodeField(op.op, name, type, values[name])),
  );
  const head = Buffer.alloc(8);
  head.writeUInt16LE(definition.code, 0);
  head.writeUInt32LE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

const encoders: Record<FieldType, (value: never) => Buffer> = {
  u32: (value: number) => fixed(4, (buffer) => buffer.writeUInt32LE(value)),
  i32: (value: number) => fixed(4, (buffer) => buffer.writeInt32LE(value)),
  u64: (value: bigint) => fixed(8, (buffer) => buffer.writeBigUInt64LE(value)),
  i64: (value: bigint) => fixed(8, (buffer) => buffer.writeBigInt64LE(value)),
  str: encodeString,
  strs: (value: readonly string[]) => encodeList(value, encodeString),
  u32s: (value: readonly number[]) =>
    encodeList(value, (item) => fixed(4, (buffer) => buffer.writeUInt32LE(item))),
  bytes: (value: Uint8Array) => Buffer.concat([length(value.length), value]),
};

function encodeField(op: string, name: string, type: FieldType, value: unknown): Buffer {
  try {
    return encoders[type](value as never);
  } catch (cause) {
    throw new TypeError(`plan operation ${op}: field ${name} does not fit ${type}: ${String(value)}`, {
      cause,
    });
  }
}

function encodeString(value: string): Buffer {
  if (value.includes("\0")) throw new TypeError("a string in a plan cannot hold a NUL byte");
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([length(bytes.length), bytes]);
}

function encodeList<T>(items: readonly T[], encode: (item: T) => Buffer): Buffer {
  return Buffer.concat([length(items.length), ...items.map(encode)]);
}

function length(value: number): Buffer {
  return fixed(4, (buffer) => buffer.writeUInt32LE(value));
}

function fixed(size: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(size);
  write(buffer);
  return buffer;
}
