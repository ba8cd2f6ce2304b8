/**
 * One entry of a tar archive, with all its extension headers applied. Names and links are byte strings (latin1, one
 * character a byte), since Linux names are bytes in no particular encoding; `readable` makes text of them.
 */
export type TarEntry = {
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "character" | "block" | "fifo";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly modified: TarTime;
  /** Target of a link, as the archive says it. */
  readonly link: string;
  /** Length of the content, holes of a sparse file included. */
  readonly size: number;
  readonly major: number;
  readonly minor: number;
  readonly xattrs: readonly { readonly name: string; readonly value: Buffer }[];
  /** The content, once; what is not read is skipped. Empty for all but files. */
  readonly content: () => AsyncGenerator<Buffer>;
};

export type TarTime = { readonly seconds: bigint; readonly nanoseconds: number };
