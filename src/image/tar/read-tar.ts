import { readable } from "../../lib/byte-string.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { ByteReader } from "./byte-reader.ts";
import { EntryContent } from "./content.ts";
import { damagedTar, truncatedTar } from "./damaged.ts";
import type { TarEntry } from "./entry.ts";
import { BLOCK, decodeHeader, type TarHeader } from "./header.ts";
import { decodePaxRecords, type PaxRecord, paxInteger, paxValues, paxXattrs } from "./pax.ts";
import { checkSparseMap, readGnuSparseMap, readPaxSparseMap, type SparseMap } from "./sparse.ts";
import { parsePaxTime } from "./time.ts";

/** Longest extension header taken into memory: xattrs may have 64 KiB each, names 4 KiB. */
const LONGEST_EXTENSION = 1024 * 1024;

/**
 * The entries of a tar archive (v7, ustar, PAX, GNU; sparse files included), as they stream by: an entry's content
 * must be read before the next entry is asked for. Reads the source to its end, also past the archive's.
 *
 * It is our own because npm's tar-stream decodes PAX values as UTF-8, which destroys file capabilities and names in
 * other encodings, and does not know sparse files.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(source);
  try {
    for (;;) {
      const next = await readEntry(reader);
      if (next === undefined) break;
      yield next.entry;
      await next.content.skip();
    }
    await reader.drain();
  } finally {
    await reader.cancel();
  }
}

type Extensions = { records: readonly PaxRecord[]; longName?: string; longLink?: string };

/** The next entry, its extension headers applied; undefined at the end. */
async function readEntry(
  reader: ByteReader,
): Promise<{ entry: TarEntry; content: EntryContent } | undefined> {
  const extensions: Extensions = { records: [] };
  for (;;) {
    const block = reader.takeBuffered(BLOCK) ?? (await reader.take(BLOCK));
    if (block.length === 0) return undefined;
    if (block.length < BLOCK) throw truncatedTar();
    const header = decodeHeader(block);
    if (header === undefined) return undefined;
    if (!(await readExtension(header, extensions, reader)))
      return describe(block, header, extensions, reader);
  }
}

/** Takes in a header that only says something about a later one; false when it is an entry itself. */
async function readExtension(
  header: TarHeader,
  extensions: Extensions,
  reader: ByteReader,
): Promise<boolean> {
  const text = async () => (await readWhole(header, reader)).toString("latin1").replace(/\0.*$/s, "");
  if (header.flag === "x") extensions.records = decodePaxRecords(await readWhole(header, reader));
  else if (header.flag === "L") extensions.longName = await text();
  else if (header.flag === "K") extensions.longLink = await text();
  // Global headers ("g") carry remarks such as a commit; a volume label ("V") is one too.
  else if (header.flag === "g" || header.flag === "V") await new EntryContent(reader, header.size).skip();
  else return false;
  return true;
}

async function readWhole(header: TarHeader, reader: ByteReader): Promise<Buffer> {
  if (header.size > LONGEST_EXTENSION) throw damagedTar("an extended header is longer than 1 MiB");
  const content = Buffer.from(await reader.take(header.size));
  if (content.length < header.size) throw truncatedTar();
  const padding = (BLOCK - (header.size % BLOCK)) % BLOCK;
  if ((await reader.take(padding)).length < padding) throw truncatedTar();
  return content;
}

async function describe(block: Buffer, header: TarHeader, extensions: Extensions, reader: ByteReader) {
  const values = paxValues(extensions.records);
  const integer = (key: string, otherwise: number) => {
    const text = values.get(key);
    return text === undefined ? otherwise : paxInteger(text, key);
  };
  const name = values.get("GNU.sparse.name") ?? values.get("path") ?? extensions.longName ?? header.name;
  const type = typeOf(header.flag, name);
  const stored = type === "file" ? integer("size", header.size) : 0;
  const sparse = type === "file" ? await sparseMap(block, header, extensions, values, reader) : undefined;
  const content = new EntryContent(reader, stored - (sparse?.mapLength ?? 0));
  if (sparse) checkSparseMap(sparse, stored - sparse.mapLength);
  const time = values.get("mtime");
  const entry: TarEntry = {
    name,
    type,
    mode: header.mode & 0o7777,
    uid: integer("uid", header.uid),
    gid: integer("gid", header.gid),
    modified: time === undefined ? { seconds: BigInt(header.modified), nanoseconds: 0 } : parsePaxTime(time),
    link: values.get("linkpath") ?? extensions.longLink ?? header.link,
    size: sparse?.size ?? stored,
    major: header.major,
    minor: header.minor,
    xattrs: paxXattrs(extensions.records),
    content: () => (sparse ? content.expand(sparse) : content.read(stored)),
  };
  return { entry, content };
}

function sparseMap(
  block: Buffer,
  header: TarHeader,
  extensions: Extensions,
  values: ReadonlyMap<string, string>,
  reader: ByteReader,
): Promise<SparseMap | undefined> {
  if (header.flag === "S") return readGnuSparseMap(block, reader);
  return readPaxSparseMap(extensions.records, values, reader);
}

const TYPES: Readonly<Record<string, TarEntry["type"]>> = {
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "3": "character",
  "4": "block",
  "5": "directory",
  "6": "fifo",
  "7": "file",
  S: "file",
};

function typeOf(flag: string, name: string): TarEntry["type"] {
  const type = TYPES[flag];
  if (type === undefined) {
    throw new GantryError(
      "archive-format",
      `${readable(name)}: tar entries of type "${flag}" are not supported`,
      {
        hint: "Make the archive with tar --format=pax.",
      },
    );
  }
  // Archives from before ustar mark a directory by the slash alone.
  return type === "file" && name.endsWith("/") ? "directory" : type;
}
