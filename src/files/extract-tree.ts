import { spawn } from "node:child_process";
import type { BigIntStats } from "node:fs";
import { readTar, type TarEntry, TreeProcess } from "../image/index.ts";
import { readable } from "../lib/byte-string.ts";
import { GantryError } from "../lib/diagnostic.ts";
import { helperPath } from "../lib/helper-path.ts";
import { userNamespace } from "../lib/user-namespace.ts";
import { explainCopyFailure } from "./copy-failure.ts";
import type { HeldDirectory } from "./held-directory.ts";

export type Extraction = {
  /** What the files go into; it stays as it is itself. */
  readonly directory: HeldDirectory;
  /** Of everything; absent: as the archive says. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** What is written to, for messages. */
  readonly where: string;
};

/** The helper has the directory as this descriptor. */
const ROOT = "/proc/self/fd/3";
const TYPES = { character: 0o020000, block: 0o060000, fifo: 0o010000 } as const;

/**
 * Unpacks a tar into a directory, by the helper, which never follows a link on the way. Directories that are there
 * keep their owner and mode; a directory never takes the place of something else, nor the other way round.
 */
export async function extractTree(source: AsyncIterable<Uint8Array>, extraction: Extraction): Promise<void> {
  const child = spawn(helperPath(), ["tree"], {
    stdio: ["pipe", "pipe", "inherit", extraction.directory.descriptor],
  });
  await using tree = new TreeProcess(child, explainCopyFailure(extraction.where));
  using extractor = new Extractor(tree, extraction);
  for await (const entry of readTar(source)) await extractor.take(entry);
  extractor.setDirectoryTimes();
  await tree.finish();
}

class Extractor {
  readonly #tree: TreeProcess;
  readonly #extraction: Extraction;
  readonly #directories: { readonly path: string; readonly modified: TarEntry["modified"] }[] = [];
  #parent: { readonly path: string; readonly directory: HeldDirectory | undefined } | undefined;

  constructor(tree: TreeProcess, extraction: Extraction) {
    this.#tree = tree;
    this.#extraction = extraction;
  }

  async take(entry: TarEntry): Promise<void> {
    const path = relativePath(entry.name);
    if (path === "") return;
    const present = this.#present(path);
    if (present && present.isDirectory() !== (entry.type === "directory")) throw this.#conflict(path, entry);
    if (entry.type === "directory") this.#directory(entry, path, present !== undefined);
    else if (entry.type === "file") await this.#file(entry, path);
    else this.#other(entry, path);
    await this.#tree.ready();
  }

  /** They come last, since every file made in a directory changes them. */
  setDirectoryTimes(): void {
    for (const { path, modified } of this.#directories.reverse()) {
      this.#tree.send({ op: "tree_times", root: ROOT, path, ...timeFields(modified) });
    }
  }

  [Symbol.dispose](): void {
    this.#parent?.directory?.[Symbol.dispose]();
  }

  #directory(entry: TarEntry, path: string, isPresent: boolean): void {
    if (isPresent) return;
    this.#tree.send({ op: "tree_dir", root: ROOT, path, mode: entry.mode, ...this.#ownerOf(entry) });
    this.#directories.push({ path, modified: entry.modified });
  }

  async #file(entry: TarEntry, path: string): Promise<void> {
    const { mode, size, modified } = entry;
    const fields = { mode, ...this.#ownerOf(entry), ...timeFields(modified), size: BigInt(size) };
    this.#tree.send({ op: "tree_file", root: ROOT, path, ...fields });
    for await (const chunk of entry.content()) await this.#tree.content(chunk);
  }

  #other(entry: TarEntry, path: string): void {
    const { type, link, mode, major, minor, modified } = entry;
    const owner = this.#ownerOf(entry);
    if (type === "hardlink") {
      const target = relativePath(link);
      if (target !== path) this.#tree.send({ op: "tree_hardlink", root: ROOT, path, target });
    } else if (type === "symlink") {
      this.#tree.send({
        op: "tree_symlink",
        root: ROOT,
        path,
        target: link,
        ...owner,
        ...timeFields(modified),
      });
    } else if (type === "character" || type === "block" || type === "fifo") {
      // An ordinary user can make no devices, as with every runtime without root.
      if (type !== "fifo" && !userNamespace().isInitial) return;
      this.#tree.send({
        op: "tree_node",
        root: ROOT,
        path,
        mode: TYPES[type] | mode,
        major,
        minor,
        ...owner,
      });
    }
  }

  #ownerOf({ uid, gid }: TarEntry): { uid: number; gid: number } {
    return { ...(this.#extraction.owner ?? { uid, gid }) };
  }

  /** What is there by that name; what a directory that is no directory holds is not looked at. */
  #present(path: string): BigIntStats | undefined {
    const slash = path.lastIndexOf("/");
    const parent = this.#held(slash < 0 ? "" : path.slice(0, slash));
    return parent?.status(path.slice(slash + 1));
  }

  #held(path: string): HeldDirectory | undefined {
    if (path === "") return this.#extraction.directory;
    if (this.#parent?.path === path) return this.#parent.directory;
    this.#parent?.directory?.[Symbol.dispose]();
    this.#parent = { path, directory: descend(this.#extraction.directory, path) };
    return this.#parent.directory;
  }

  #conflict(path: string, { type }: TarEntry): GantryError {
    const [there, comes] =
      type === "directory" ? ["what is not a directory", "a directory"] : ["a directory", "what is none"];
    const text = `${this.#extraction.where}: ${readable(path)}: ${there} is not overwritten with ${comes}`;
    return new GantryError("copy-conflict", text, { hint: "Remove it first, or copy to another name." });
  }
}

function descend(root: HeldDirectory, path: string): HeldDirectory | undefined {
  const opened: HeldDirectory[] = [];
  try {
    for (const name of path.split("/")) opened.push((opened.at(-1) ?? root).directory(name));
    return opened.pop();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw error;
  } finally {
    for (const directory of opened) directory[Symbol.dispose]();
  }
}

/** An entry's name beneath the directory; "" is the directory itself. */
function relativePath(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (!parts.includes("..")) return parts.join("/");
  throw new GantryError("archive-unsafe", `the archive's entry ${readable(name)} leads upwards`, {
    hint: "Do not trust where it came from, or make it again.",
  });
}

const timeFields = ({ seconds, nanoseconds }: TarEntry["modified"]) => ({
  mtimeSec: seconds,
  mtimeNsec: nanoseconds,
});
