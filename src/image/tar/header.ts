import { damagedTar } from "./damaged.ts";

export const BLOCK = 512;

/** The fields of one 512-byte header (tar(5)), before extension headers are applied. Names are byte strings. */
export type TarHeader = {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly modified: number;
  /** The type flag as a character; "0" for the old NUL. */
  readonly flag: string;
  readonly link: string;
  readonly major: number;
  readonly minor: number;
};

/** Decodes a header; undefined for the block of zeros that ends an archive. */
export function decodeHeader(block: Buffer): TarHeader | undefined {
  const { unsigned, signed } = checksums(block);
  if (unsigned === CHECKSUM_OF_ZEROS) return undefined;
  const stored = decodeNumber(block, 148, 8, "checksum");
  if (stored !== unsigned && stored !== signed) throw damagedTar("a header's checksum is wrong");
  const posix = block.toString("latin1", 257, 263) === "ustar\0";
  const prefix = posix ? decodeText(block, 345, 155) : "";
  const name = decodeText(block, 0, 100);
  const flag = block[156] === 0 ? "0" : String.fromCharCode(block[156]!);
  const isDevice = flag === "3" || flag === "4";
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    mode: decodeNumber(block, 100, 8, "mode"),
    uid: decodeNumber(block, 108, 8, "owner"),
    gid: decodeNumber(block, 116, 8, "group"),
    size: decodeSize(block, 124, 12, "size"),
    modified: decodeNumber(block, 136, 12, "time"),
    flag,
    link: decodeText(block, 157, 100),
    major: isDevice ? decodeNumber(block, 329, 8, "device") : 0,
    minor: isDevice ? decodeNumber(block, 337, 8, "device") : 0,
  };
}

/** Bytes up to the first NUL. */
function decodeText(block: Buffer, offset: number, length: number): string {
  const end = block.indexOf(0, offset);
  const limit = offset + length;
  return block.toString("latin1", offset, end < 0 || end > limit ? limit : end);
}

/** A number that counts bytes. */
export function decodeSize(block: Buffer, offset: number, length: number, field: string): number {
  const value = decodeNumber(block, offset, length, field);
  if (value < 0) throw damagedTar(`a header's ${field} is negative`);
  return value;
}

/** Octal digits between spaces and NULs, or, with the first bit set, a big-endian two's complement number. */
function decodeNumber(block: Buffer, offset: number, length: number, field: string): number {
  if ((block[offset]! & 0x80) !== 0) return decodeBinary(block.subarray(offset, offset + length), field);
  const text = decodeText(block, offset, length).trim();
  if (text === "") return 0;
  const value = Number.parseInt(text, 8);
  if (!/^[0-7]+$/.test(text) || !Number.isSafeInteger(value))
    throw damagedTar(`a header's ${field} is no number`);
  return value;
}

function decodeBinary(bytes: Buffer, field: string): number {
  const negative = (bytes[0]! & 0x40) !== 0;
  // The top bit only marks the encoding: the sign is in the next one.
  let value = BigInt(bytes[0]! & 0x7f);
  for (const byte of bytes.subarray(1)) value = (value << 8n) | BigInt(byte);
  if (negative) value -= 1n << BigInt(bytes.length * 8 - 1);
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw damagedTar(`a header's ${field} is out of range`);
  return number;
}

const CHECKSUM_OF_ZEROS = 8 * 0x20;

/** The sum of all bytes with the checksum field read as spaces; some old writers added signed bytes. */
function checksums(block: Buffer): { unsigned: number; signed: number } {
  let unsigned = CHECKSUM_OF_ZEROS;
  let high = 0;
  for (let index = 0; index < BLOCK; index++) {
    if (index >= 148 && index < 156) continue;
    const byte = block[index]!;
    unsigned += byte;
    high += byte >> 7;
  }
  return { unsigned, signed: unsigned - high * 256 };
}
