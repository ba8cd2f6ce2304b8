import { type FieldType, OPS, type Op } from "../../lib/launch-plan/index.ts";

/** The operations that `gantry-shim tree` understands. */
export type TreeOp = Extract<Op, { op: `tree_${string}` }>;

const BATCH = 256 * 1024;

/**
 * Encodes a stream of tree operations into few large buffers. Unlike src/lib/launch-plan it takes strings as byte
 * strings (latin1): file names in archives are bytes. And it is made for a hundred thousand operations in a second.
 */
export class TreeEncoder {
  #buffer = Buffer.allocUnsafe(BATCH);
  #length = 0;

  /** How many bytes wait to be taken. */
  get length(): number {
    return this.#length;
  }

  /** Appends one operation. */
  operation(op: TreeOp): void {
    const { code, fields } = OPS[op.op];
    const values = op as unknown as Readonly<Record<string, unknown>>;
    this.#reserve(8);
    const start = this.#length;
    this.#buffer.writeUInt16LE(code, start);
    this.#buffer.writeUInt16LE(0, start + 2);
    this.#length += 8;
    for (const [name, type] of fields) this.#field(type, values[name]);
    this.#buffer.writeUInt32LE(this.#length - start - 8, start + 4);
  }

  /** Appends content of a file. */
  bytes(content: Uint8Array): void {
    this.#reserve(content.length);
    this.#buffer.set(content, this.#length);
    this.#length += content.length;
  }

  /** Hands over what was encoded and begins anew. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(BATCH);
    this.#length = 0;
    return taken;
  }

  #field(type: FieldType, value: unknown): void {
    if (type === "u32") this.#number(4, (buffer, at) => buffer.writeUInt32LE(value as number, at));
    else if (type === "u64") this.#number(8, (buffer, at) => buffer.writeBigUInt64LE(value as bigint, at));
    else if (type === "i64") this.#number(8, (buffer, at) => buffer.writeBigInt64LE(value as bigint, at));
    else if (type === "str") this.#text(value as string);
    else if (type === "bytes") this.#counted(value as Uint8Array);
    else throw new TypeError(`tree operations have no fields of type ${type}`);
  }

  #counted(value: Uint8Array): void {
    this.#number(4, (buffer, at) => buffer.writeUInt32LE(value.length, at));
    this.bytes(value);
  }

  #text(value: string): void {
    this.#reserve(4 + value.length);
    this.#buffer.writeUInt32LE(value.length, this.#length);
    this.#buffer.write(value, this.#length + 4, "latin1");
    this.#length += 4 + value.length;
  }

  #number(size: number, write: (buffer: Buffer, at: number) => void): void {
    this.#reserve(size);
    write(this.#buffer, this.#length);
    this.#length += size;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + size));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
