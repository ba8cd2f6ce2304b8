import { createReadStream, readFileSync, readlinkSync } from "node:fs";
import type { TreeProcess } from "../../image/index.ts";
import { bytesOf, onDisk, statAt } from "./byte-path.ts";
import type { ChangeMode } from "./mode.ts";
import { join, type SourceTree, type TreeEntry } from "./source-tree.ts";

/** How what is written differs from where it comes from. */
export type WriteOptions = {
  /** Owner of everything; each entry's own when absent. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly mode?: ChangeMode;
  /** Seconds; no time is later. */
  readonly latest?: number;
};

const SMALL = 256 * 1024;

/** Writes into the tree that a build step changes, through the helper, which follows no link. */
export class TreeWriter {
  readonly #helper: TreeProcess;
  readonly #inside: string;
  /** The root as this process reaches it. */
  readonly root: string;
  readonly #options: WriteOptions;
  readonly #times: (() => void)[] = [];
  readonly #made = new Set<string>();

  /** `inside`: the root as the helper reaches it. */
  constructor(helper: TreeProcess, inside: string, root: string, options: WriteOptions) {
    this.#helper = helper;
    this.#inside = bytesOf(inside);
    this.root = root;
    this.#options = options;
  }

  /** Makes a directory and its parents, where they are missing; what is there stays as it is. */
  makeParents(path: string, mode = 0o755): void {
    const parts = path.split("/").filter((part) => part !== "");
    for (let depth = 1; depth <= parts.length; depth++) {
      const here = parts.slice(0, depth).join("/");
      if (this.#made.has(here) || statAt(this.root, here)?.isDirectory()) continue;
      this.#directory(here, mode, this.#options.owner ?? { uid: 0, gid: 0 });
    }
  }

  /** Writes one entry at a path. `keepsExisting`: a directory that is there keeps its owner and mode. */
  async write(
    tree: SourceTree,
    { path, stats }: TreeEntry,
    target: string,
    keepsExisting: boolean,
  ): Promise<void> {
    const mode = Number(stats.mode & 0o7777n);
    const changed = this.#options.mode?.(mode, stats.isDirectory()) ?? mode;
    const own = tree.keepOwners ? { uid: Number(stats.uid), gid: Number(stats.gid) } : { uid: 0, gid: 0 };
    const owner = this.#options.owner ?? own;
    const common = { root: this.#inside, path: target, ...owner };
    const times = this.#timesOf(stats.mtimeNs);
    if (stats.isDirectory()) {
      if (target === "" || (keepsExisting && this.#exists(target))) return;
      this.#directory(target, changed, owner);
      this.#times.push(() =>
        this.#helper.send({ op: "tree_times", root: this.#inside, path: target, ...times }),
      );
    } else if (stats.isFile()) {
      await this.#file(tree, path, { ...common, mode: changed, ...times, size: stats.size });
    } else if (stats.isSymbolicLink()) {
      const link = readlinkSync(onDisk(tree.root, path), { encoding: "latin1" });
      this.#helper.send({ op: "tree_symlink", ...common, target: link, ...times });
    } else if (stats.isFIFO()) {
      this.#helper.send({ op: "tree_node", ...common, mode: 0o010000 | changed, major: 0, minor: 0 });
    }
    this.#attributes(tree, path, target);
    await this.#helper.ready();
  }

  /** Writes a file whose content is at hand. */
  async writeText(target: string, content: Buffer, mode: number): Promise<void> {
    const owner = this.#options.owner ?? { uid: 0, gid: 0 };
    const changed = this.#options.mode?.(mode, false) ?? mode;
    const times = this.#timesOf(BigInt(Date.now()) * 1_000_000n);
    const fields = { root: this.#inside, path: target, ...owner, mode: changed, ...times };
    this.#helper.send({ op: "tree_file", ...fields, size: BigInt(content.length) });
    if (content.length > 0) await this.#helper.content(content);
  }

  /** Ends the helper when everything is written. */
  async finish(): Promise<void> {
    for (const setTimes of this.#times) setTimes();
    await this.#helper.finish();
  }

  async #file(
    tree: SourceTree,
    path: string,
    fields: Omit<Extract<Parameters<TreeProcess["send"]>[0], { op: "tree_file" }>, "op">,
  ): Promise<void> {
    const from = onDisk(tree.root, path);
    if (fields.size > SMALL) {
      this.#helper.send({ op: "tree_file", ...fields });
      for await (const chunk of createReadStream(from, {
        end: Number(fields.size) - 1,
        highWaterMark: SMALL,
      })) {
        await this.#helper.content(chunk as Buffer);
      }
      return;
    }
    // Its size is what was read: somebody may be writing to it.
    const content = readFileSync(from);
    this.#helper.send({ op: "tree_file", ...fields, size: BigInt(content.length) });
    if (content.length > 0) await this.#helper.content(content);
  }

  #directory(path: string, mode: number, owner: { uid: number; gid: number }): void {
    this.#made.add(path);
    this.#helper.send({ op: "tree_dir", root: this.#inside, path, mode, ...owner });
  }

  #attributes(tree: SourceTree, path: string, target: string): void {
    for (const { name, value } of tree.attributes.get(path) ?? []) {
      if (/^(?:trusted|user)\.overlay\./.test(name)) continue;
      this.#helper.send({ op: "tree_xattr", root: this.#inside, path: target, name, value, optional: 1 });
    }
  }

  #exists(path: string): boolean {
    return this.#made.has(path) || statAt(this.root, path)?.isDirectory() === true;
  }

  #timesOf(nanoseconds: bigint): { mtimeSec: bigint; mtimeNsec: number } {
    const seconds = nanoseconds / 1_000_000_000n;
    const { latest } = this.#options;
    if (latest !== undefined && seconds >= BigInt(latest)) return { mtimeSec: BigInt(latest), mtimeNsec: 0 };
    return { mtimeSec: seconds, mtimeNsec: 0 };
  }
}

/** Where an entry goes below a destination. */
export const below = (destination: string, relative: string): string =>
  relative === "" ? destination : join(destination, relative);
