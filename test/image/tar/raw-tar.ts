/** Fields of a header written by hand, for archives that no library would make. Strings are byte strings. */
export type RawEntry = {
  readonly name: string;
  readonly flag?: string;
  readonly link?: string;
  readonly content?: string | Buffer;
  /** What the header says, when it is not the content's length. */
  readonly size?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly modified?: number;
  readonly device?: readonly [major: number, minor: number];
  readonly magic?: string;
  /** Changes the finished header; the checksum is computed afterwards. */
  readonly patch?: (header: Buffer) => void;
};

/** A tar archive of raw entries, with the two blocks of zeros at its end. */
export function rawTar(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(rawEntry), Buffer.alloc(1024)]);
}

/** One header with its content and padding. */
export function rawEntry(entry: RawEntry): Buffer {
  const content = Buffer.from(entry.content ?? "");
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100, "latin1");
  octal(header, 100, 8, entry.mode ?? 0o644);
  octal(header, 108, 8, entry.uid ?? 0);
  octal(header, 116, 8, entry.gid ?? 0);
  octal(header, 124, 12, entry.size ?? content.length);
  octal(header, 136, 12, entry.modified ?? 0);
  header.write(entry.flag ?? "0", 156, "latin1");
  header.write(entry.link ?? "", 157, 100, "latin1");
  header.write(entry.magic ?? "ustar\x0000", 257, "latin1");
  octal(header, 329, 8, entry.device?.[0] ?? 0);
  octal(header, 337, 8, entry.device?.[1] ?? 0);
  entry.patch?.(header);
  writeChecksum(header);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** A PAX extended header for the entry that follows. */
export function paxEntry(records: readonly (readonly [key: string, value: string | Buffer])[]): Buffer {
  const content = Buffer.concat(records.map(([key, value]) => paxRecord(key, Buffer.from(value))));
  return rawEntry({ name: "PaxHeaders/x", flag: "x", content });
}

function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function octal(header: Buffer, offset: number, length: number, value: number): void {
  header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, "latin1");
}

function writeChecksum(header: Buffer): void {
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}
