import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, posix } from "node:path";
import { TreeProcess } from "../../image/index.ts";
import { helperPath } from "../../lib/helper-path.ts";
import type { WatchedContainer } from "../contract.ts";
import { type HostEntry, isGone } from "../host/entry.ts";
import type { Differences } from "./differences.ts";
import type { Had } from "./manifest.ts";
import { explainSyncFailure } from "./sync-failure.ts";

/** The name by which operations call the directory in the container. */
const ROOT = "container";
/** Files up to this size are read whole: their content and its hash then belong together for certain. */
const WHOLE = 16 * 1024 * 1024;

export type Shipment = Differences & {
  /** What temporary files are called: nobody else's name, the same throughout. */
  readonly temporaryName: string;
  /** Of the rule on the host. */
  readonly source: string;
  readonly target: string;
  readonly entries: ReadonlyMap<string, HostEntry>;
  readonly have: ReadonlyMap<string, Had>;
};

type Noted = readonly [path: string, had: Had | null];

/**
 * Brings files into a running container, through its own mounts and beneath its own root. Every file appears at once,
 * under another name first, so that a reader finds the old or the new one. Returns what the container has now. A file
 * that vanishes meanwhile is left out: its removal is going to be told.
 */
export async function send(container: WatchedContainer, shipment: Shipment): Promise<Noted[]> {
  const isFile = shipment.entries.get("")?.kind !== "directory" && isSingle(shipment);
  const directory = isFile ? posix.dirname(shipment.target) : shipment.target;
  await using tree = new TreeProcess(helperPath(), explainSyncFailure(container.name));
  tree.send({
    op: "tree_enter",
    root: ROOT,
    pid: container.pid,
    startTime: BigInt(container.startTime),
    path: bytes(directory),
  });
  const sender = new Sender(tree, container, shipment, isFile ? posix.basename(shipment.target) : undefined);
  for (const path of shipment.remove) sender.remove(path);
  for (const path of shipment.send) await sender.send(path);
  await tree.finish();
  return sender.noted;
}

/** A rule whose path is a file has one entry, of its own name. */
const isSingle = ({ entries, have }: Shipment) => entries.has("") || have.has("");

class Sender {
  readonly noted: Noted[] = [];
  readonly #tree: TreeProcess;
  readonly #owner: { readonly uid: number; readonly gid: number };
  readonly #shipment: Shipment;
  readonly #fileName: string | undefined;

  constructor(
    tree: TreeProcess,
    { uid, gid }: WatchedContainer,
    shipment: Shipment,
    fileName: string | undefined,
  ) {
    this.#tree = tree;
    this.#owner = { uid, gid };
    this.#shipment = shipment;
    this.#fileName = fileName;
  }

  remove(path: string): void {
    this.#tree.send({ op: "tree_remove", root: ROOT, path: this.#place(path) });
    for (const known of this.#shipment.have.keys()) {
      if (known === path || known.startsWith(`${path}/`)) this.noted.push([known, null]);
    }
  }

  async send(path: string): Promise<void> {
    const entry = this.#shipment.entries.get(path)!;
    const wasDirectory = this.#shipment.have.get(path)?.identity.startsWith("d") ?? false;
    // A file cannot be renamed over a directory.
    if (wasDirectory && entry.kind !== "directory") this.remove(path);
    if (entry.kind === "directory") this.#directory(path, entry);
    else if (entry.kind === "link") this.#link(path, entry);
    else await this.#file(path, entry);
    await this.#tree.ready();
  }

  #directory(path: string, { mode, identity }: HostEntry): void {
    // The target itself is the image's; its mode is too.
    if (path !== "")
      this.#tree.send({ op: "tree_dir", root: ROOT, path: this.#place(path), mode, ...this.#owner });
    this.noted.push([path, { identity, mode }]);
  }

  #link(path: string, { target, identity, mode, modified }: HostEntry): void {
    const link = { target: bytes(target!), ...this.#owner, ...timeOf(modified) };
    this.#replace(path, (temporary) =>
      this.#tree.send({ op: "tree_symlink", root: ROOT, path: temporary, ...link }),
    );
    this.noted.push([path, { identity, mode }]);
  }

  async #file(path: string, entry: HostEntry): Promise<void> {
    const { size, mode, identity } = entry;
    const source = join(this.#shipment.source, path);
    if (size > WHOLE) return this.#largeFile(path, source, entry);
    const content = await readFile(source).catch((error: unknown) => {
      if (isGone(error)) return undefined;
      throw error;
    });
    if (!content) return;
    const hash = createHash("sha256").update(content).digest("hex");
    const had = this.#shipment.have.get(path);
    if (had?.hash !== hash || had.mode !== mode) {
      await this.#replaceFile(path, entry, content.length, () => this.#tree.content(content));
    }
    this.noted.push([path, { identity, mode, hash }]);
  }

  /** Sent as it is read. One that changes meanwhile is sent again: it is noted with no identity. */
  async #largeFile(path: string, source: string, entry: HostEntry): Promise<void> {
    const { size, mode, identity } = entry;
    let left = size;
    await this.#replaceFile(path, entry, size, async () => {
      try {
        for await (const chunk of createReadStream(source, { end: size - 1 })) {
          left -= (chunk as Buffer).length;
          await this.#tree.content(chunk as Buffer);
        }
      } catch (error) {
        if (!isGone(error)) throw error;
      }
      for (let missing = left; missing > 0; missing -= WHOLE) {
        await this.#tree.content(Buffer.alloc(Math.min(missing, WHOLE)));
      }
    });
    this.noted.push([path, { identity: left === 0 ? identity : "", mode }]);
  }

  async #replaceFile(
    path: string,
    { mode, modified }: HostEntry,
    size: number,
    content: () => Promise<void>,
  ): Promise<void> {
    const temporary = this.#temporary(path);
    const file = { mode, ...this.#owner, ...timeOf(modified), size: BigInt(size) };
    this.#tree.send({ op: "tree_file", root: ROOT, path: temporary, ...file });
    await content();
    this.#tree.send({ op: "tree_rename", root: ROOT, path: temporary, target: this.#place(path) });
  }

  #replace(path: string, make: (temporary: string) => void): void {
    const temporary = this.#temporary(path);
    make(temporary);
    this.#tree.send({ op: "tree_rename", root: ROOT, path: temporary, target: this.#place(path) });
  }

  #temporary(path: string): string {
    return bytes(besides(path, this.#shipment.temporaryName));
  }

  /** Relative to the directory entered, as a byte string. */
  #place(path: string): string {
    return bytes(this.#fileName !== undefined && path === "" ? basename(this.#fileName) : path);
  }
}

/** The path of a file of that name in the directory of `path`. */
export function besides(path: string, name: string): string {
  const directory = posix.dirname(path);
  return directory === "." ? name : `${directory}/${name}`;
}

/** Operations take names as byte strings. */
const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");

function timeOf(milliseconds: number) {
  const seconds = Math.floor(milliseconds / 1000);
  return { mtimeSec: BigInt(seconds), mtimeNsec: Math.floor((milliseconds - seconds * 1000) * 1e6) };
}
