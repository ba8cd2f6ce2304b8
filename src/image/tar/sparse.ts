import type { ByteReader } from "./byte-reader.ts";
import { damagedTar, truncatedTar } from "./damaged.ts";
import { BLOCK, decodeSize } from "./header.ts";
import { type PaxRecord, paxInteger } from "./pax.ts";

/** A stretch of a sparse file that the archive holds; between stretches there are zeros. */
type Stretch = { readonly offset: number; readonly length: number };

/** How a sparse file is put together: its full length, and what of it is stored. */
export type SparseMap = {
  readonly size: number;
  readonly stretches: readonly Stretch[];
  /** Bytes of the entry's data that the map itself took (PAX 1.0). */
  readonly mapLength: number;
};

const MOST_STRETCHES = 1_000_000;
const NUMBERS_OFFSET = 386;
const STRETCHES_IN_HEADER = 4;
const STRETCHES_IN_EXTENSION = 21;

/** The old GNU format: stretches in the header itself and in extension blocks that follow it. */
export async function readGnuSparseMap(header: Buffer, reader: ByteReader): Promise<SparseMap> {
  const stretches = decodeStretches(header, NUMBERS_OFFSET, STRETCHES_IN_HEADER);
  const size = decodeSize(header, 483, 12, "real size");
  let extended = header[482] !== 0;
  while (extended) {
    const block = await reader.take(BLOCK);
    if (block.length < BLOCK) throw truncatedTar();
    stretches.push(...decodeStretches(block, 0, STRETCHES_IN_EXTENSION));
    if (stretches.length > MOST_STRETCHES) throw damagedTar("a sparse file has too many parts");
    extended = block[504] !== 0;
  }
  return { size, stretches, mapLength: 0 };
}

/** The PAX formats 0.0, 0.1 and 1.0; undefined when the entry is not sparse. */
export async function readPaxSparseMap(
  records: readonly PaxRecord[],
  values: ReadonlyMap<string, string>,
  reader: ByteReader,
): Promise<SparseMap | undefined> {
  const realSize = values.get("GNU.sparse.realsize") ?? values.get("GNU.sparse.size");
  if (realSize === undefined) return undefined;
  const size = paxInteger(realSize, "GNU.sparse.size");
  if (values.get("GNU.sparse.major") === "1") return { size, ...(await readMapInData(reader)) };
  const map = values.get("GNU.sparse.map");
  const numbers = map === undefined ? repeatedNumbers(records) : map.split(",").map(toNumber);
  return { size, stretches: pairs(numbers), mapLength: 0 };
}

/** Checks that stretches follow each other within the file and are as long together as what the archive stores. */
export function checkSparseMap({ size, stretches }: SparseMap, stored: number): void {
  let position = 0;
  let length = 0;
  for (const stretch of stretches) {
    if (stretch.offset < position) throw damagedTar("the parts of a sparse file overlap");
    position = stretch.offset + stretch.length;
    length += stretch.length;
  }
  if (position > size || length !== stored)
    throw damagedTar("the parts of a sparse file do not fit its size");
}

function decodeStretches(block: Buffer, offset: number, most: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let index = 0; index < most; index++) {
    const at = offset + index * 24;
    if (block[at] === 0) break;
    stretches.push({
      offset: decodeSize(block, at, 12, "sparse map"),
      length: decodeSize(block, at + 12, 12, "sparse map"),
    });
  }
  return stretches;
}

/** Format 1.0: the data begins with decimal lines, first how many pairs, padded to a block. */
async function readMapInData(reader: ByteReader): Promise<Pick<SparseMap, "stretches" | "mapLength">> {
  const numbers: number[] = [];
  let text = "";
  let mapLength = 0;
  const complete = () => numbers.length > 0 && numbers.length >= 1 + 2 * numbers[0]!;
  while (!complete()) {
    const block = await reader.take(BLOCK);
    if (block.length < BLOCK) throw truncatedTar();
    mapLength += BLOCK;
    const lines = (text + block.toString("latin1")).split("\n");
    text = lines.pop()!;
    for (const line of lines) if (!complete()) numbers.push(toNumber(line));
    if (numbers[0]! > MOST_STRETCHES) throw damagedTar("a sparse file has too many parts");
  }
  return { stretches: pairs(numbers.slice(1)), mapLength };
}

/** Format 0.0: GNU.sparse.offset and GNU.sparse.numbytes alternate. */
function repeatedNumbers(records: readonly PaxRecord[]): number[] {
  return records
    .filter(({ key }) => key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes")
    .map(({ value }) => toNumber(value.toString("latin1")));
}

function pairs(numbers: readonly number[]): Stretch[] {
  if (numbers.length % 2 !== 0) throw damagedTar("the map of a sparse file is incomplete");
  const stretches: Stretch[] = [];
  for (let index = 0; index < numbers.length; index += 2) {
    stretches.push({ offset: numbers[index]!, length: numbers[index + 1]! });
  }
  return stretches;
}

const toNumber = (text: string) => paxInteger(text, "sparse map");
