import { BLOCK } from "./header.ts";

/** What a header says of an entry; names and links are byte strings (latin1). */
export type WrittenEntry = {
  readonly name: string;
  /** tar(5)'s type flag. */
  readonly flag: "0" | "1" | "2" | "3" | "4" | "5" | "6";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds. */
  readonly modified: number;
  readonly size: number;
  readonly link: string;
  readonly major: number;
  readonly minor: number;
  readonly xattrs: readonly { readonly name: string; readonly value: Buffer }[];
};

const LONGEST_NAME = 100;
const LARGEST_OCTAL = { id: 0o7777777, size: 0o77777777777 } as const;

/** The header blocks of an entry: a PAX header where ustar has no room, then ustar's own. The same in, the same out. */
export function encodeHeader(entry: WrittenEntry): Buffer {
  const records = paxRecords(entry);
  const header = ustarHeader(entry, entry.flag, entry.size);
  if (records.length === 0) return header;
  const padding = Buffer.alloc((BLOCK - (records.length % BLOCK)) % BLOCK);
  const extension = {
    ...entry,
    name: "PaxHeaders.0/entry",
    link: "",
    mode: 0o644,
    uid: 0,
    gid: 0,
    modified: 0,
  };
  return Buffer.concat([ustarHeader(extension, "x", records.length), records, padding, header]);
}

/** The blocks of zeros that fill up content, or end an archive. */
export const paddingOf = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
export const endOfArchive = (): Buffer => Buffer.alloc(2 * BLOCK);

function paxRecords(entry: WrittenEntry): Buffer {
  const records: Buffer[] = [];
  const add = (key: string, value: Buffer) => records.push(paxRecord(key, value));
  const text = (value: string) => Buffer.from(value, "latin1");
  if (needsPax(entry.name)) add("path", text(entry.name));
  if (needsPax(entry.link)) add("linkpath", text(entry.link));
  if (entry.size > LARGEST_OCTAL.size) add("size", text(String(entry.size)));
  if (entry.uid > LARGEST_OCTAL.id) add("uid", text(String(entry.uid)));
  if (entry.gid > LARGEST_OCTAL.id) add("gid", text(String(entry.gid)));
  for (const { name, value } of entry.xattrs) add(`SCHILY.xattr.${name}`, value);
  return Buffer.concat(records);
}

const needsPax = (name: string) => name.length > LONGEST_NAME || /[^\x20-\x7e]/.test(name);

/** "<length> <key>=<value>\n", where the length counts its own digits. */
function paxRecord(key: string, value: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(` ${key}=`, "latin1"), value, Buffer.from("\n")]);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function ustarHeader(entry: WrittenEntry, flag: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, "0"), offset, "latin1");
  block.write(entry.name.slice(0, LONGEST_NAME), 0, "latin1");
  octal(entry.mode & 0o7777, 100, 7);
  octal(Math.min(entry.uid, LARGEST_OCTAL.id), 108, 7);
  octal(Math.min(entry.gid, LARGEST_OCTAL.id), 116, 7);
  octal(Math.min(size, LARGEST_OCTAL.size), 124, 11);
  octal(Math.max(0, entry.modified), 136, 11);
  block.write("        ", 148, "latin1");
  block.write(flag, 156, "latin1");
  block.write(entry.link.slice(0, LONGEST_NAME), 157, "latin1");
  block.write("ustar\0" + "00", 257, "latin1");
  octal(entry.major, 329, 7);
  octal(entry.minor, 337, 7);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}
