import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
} from "node:fs";

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
/** Not among Node's constants: found, but neither read nor written, so that opening has no effect. */
const O_PATH = 0o10000000;

/**
 * A directory held open. Names are looked up in it one at a time and links are never followed, so that whoever
 * changes the tree meanwhile leads nowhere else. Names are byte strings (latin1), since Linux names have no encoding.
 */
export class HeldDirectory {
  readonly descriptor: number;
  readonly #kept: HeldDirectory[] = [];

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** A directory on this host, by a path that is trusted. */
  static open(path: string): HeldDirectory {
    return new HeldDirectory(openSync(path, O_PATH | O_DIRECTORY));
  }

  /** The path by which a program of ours that inherits nothing can get at it while this process lives. */
  get path(): string {
    return `/proc/${process.pid}/fd/${this.descriptor}`;
  }

  names(): string[] {
    return readdirSync(`/proc/self/fd/${this.descriptor}`, { encoding: "latin1" }).sort();
  }

  /** Of the name itself, also when it is a link; undefined when there is nothing. */
  status(name: string): BigIntStats | undefined {
    return lstatSync(this.#place(name), { bigint: true, throwIfNoEntry: false });
  }

  ownStatus(): BigIntStats {
    return fstatSync(this.descriptor, { bigint: true });
  }

  /** Where a link points to. */
  link(name: string): string {
    return readlinkSync(this.#place(name), { encoding: "latin1" });
  }

  /** A directory in this one; the caller closes it, or lets it be kept. */
  directory(name: string): HeldDirectory {
    return new HeldDirectory(openSync(this.#place(name), O_PATH | O_DIRECTORY | O_NOFOLLOW));
  }

  /** A directory that is closed together with this one. */
  keep(directory: HeldDirectory): HeldDirectory {
    this.#kept.push(directory);
    return directory;
  }

  /**
   * Opens a regular file for reading; undefined when something else has come into its place, a device for example,
   * which is not even touched.
   */
  file(name: string): number | undefined {
    const found = openSync(this.#place(name), O_PATH | O_NOFOLLOW);
    try {
      if (!fstatSync(found).isFile()) return undefined;
      return openSync(`/proc/self/fd/${found}`, O_RDONLY);
    } finally {
      closeSync(found);
    }
  }

  [Symbol.dispose](): void {
    for (const directory of this.#kept) directory[Symbol.dispose]();
    closeSync(this.descriptor);
  }

  #place(name: string): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.descriptor}/`), Buffer.from(name, "latin1")]);
  }
}
