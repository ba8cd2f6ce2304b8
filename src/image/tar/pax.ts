import { damagedTar } from "./damaged.ts";

/** The records of a PAX extended header, in order: some keys of sparse files repeat. Values are bytes. */
export type PaxRecord = { readonly key: string; readonly value: Buffer };

/** Decodes "LENGTH KEY=VALUE\n" records (pax(1)); lengths count bytes and include themselves. */
export function decodePaxRecords(content: Buffer): PaxRecord[] {
  const records: PaxRecord[] = [];
  for (let offset = 0; offset < content.length; ) {
    // Some writers pad the header with NULs.
    if (content[offset] === 0) break;
    const space = content.indexOf(0x20, offset);
    const digits = content.toString("latin1", offset, Math.max(space, offset));
    const end = offset + Number(digits);
    const equals = content.indexOf(0x3d, space);
    const sound = /^[0-9]{1,10}$/.test(digits) && end <= content.length && content[end - 1] === 0x0a;
    if (!sound || equals < 0 || equals >= end) throw damagedTar("an extended header is malformed");
    const key = content.toString("latin1", space + 1, equals);
    records.push({ key, value: content.subarray(equals + 1, end - 1) });
    offset = end;
  }
  return records;
}

/** The last value of each key that an entry's header fields are replaced with; an empty value means: as the header. */
export function paxValues(records: readonly PaxRecord[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { key, value } of records) {
    if (key.startsWith(XATTR)) continue;
    if (value.length === 0) values.delete(key);
    else values.set(key, value.toString("latin1"));
  }
  return values;
}

const XATTR = "SCHILY.xattr.";

/** The extended attributes among the records. Values are binary: that is why records are not text. */
export function paxXattrs(records: readonly PaxRecord[]): { name: string; value: Buffer }[] {
  return records
    .filter(({ key }) => key.startsWith(XATTR) && key.length > XATTR.length)
    .map(({ key, value }) => ({ name: key.slice(XATTR.length), value: Buffer.from(value) }));
}

/** A decimal count of bytes or an id. */
export function paxInteger(text: string, key: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value)) {
    throw damagedTar(`an extended header's ${key} is no number`);
  }
  return value;
}
