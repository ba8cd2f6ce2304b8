import { createHash } from "node:crypto";
import { type BigIntStats, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Roots } from "../../lib/paths.ts";
import { readIfPresent } from "../../lib/status-file.ts";

/**
 * A file may be written again within one tick of the file system's clock: what changed less than this many
 * milliseconds ago is read again the next time.
 */
const TOO_FRESH = 2000;

type Remembered = Readonly<Record<string, readonly [stat: string, digest: string]>>;

/**
 * Digests of a context's files, remembered from one build to the next by what stat(2) says of a file: size, inode and
 * both times. Losing the memory costs time and nothing else.
 */
export class FileDigests {
  readonly #file: string;
  readonly #before: Remembered;
  readonly #now: Record<string, readonly [stat: string, digest: string]> = {};
  #isChanged = false;

  constructor(roots: Roots, root: string) {
    this.#file = join(roots.data, "build-digests", `${createHash("sha256").update(root).digest("hex")}.json`);
    this.#before = read(this.#file);
  }

  /** The digest of a file: remembered, or made by `digest`. */
  of(path: string, stats: BigIntStats, digest: () => Buffer): Buffer {
    const { size, ino, dev, mtimeNs, ctimeNs } = stats;
    const stat = [dev, ino, size, mtimeNs, ctimeNs].join(" ");
    const known = Object.hasOwn(this.#before, path) ? this.#before[path] : undefined;
    if (known?.[0] === stat) {
      this.#now[path] = known;
      return Buffer.from(known[1], "hex");
    }
    const made = digest();
    const isFresh = Date.now() - Number(ctimeNs / 1_000_000n) < TOO_FRESH;
    if (!isFresh) this.#now[path] = [stat, made.toString("hex")];
    this.#isChanged = true;
    return made;
  }

  /** Keeps what was learnt. Not synced: it is only a memory. */
  save(): void {
    if (!this.#isChanged) return;
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const fresh = `${this.#file}.${process.pid}.tmp`;
    writeFileSync(fresh, JSON.stringify({ ...this.#before, ...this.#now }), { mode: 0o600 });
    renameSync(fresh, this.#file);
    this.#isChanged = false;
  }
}

function read(file: string): Remembered {
  try {
    return JSON.parse(readIfPresent(file) ?? "{}") as Remembered;
  } catch {
    return {};
  }
}
