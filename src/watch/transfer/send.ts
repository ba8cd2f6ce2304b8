import { createHash } from "node:crypto";
import { readlinkSync } from "node:fs";
import { join, posix } from "node:path";
import { TreeProcess } from "../../image/index.ts";
import { helperPath } from "../../lib/helper-path.ts";
import type { WatchedContainer } from "../contract.ts";
import { type HostEntry, isGone, kindOf, modeOf } from "../host/entry.ts";
import type { PathMap } from "../host/path-map.ts";
import type { Differences } from "./differences.ts";
import { type Had, hadWithHash, hashOf, type Noted, UNSURE } from "./manifest.ts";
import { readLarge, readSource, type SourceFile } from "./source-file.ts";
import { explainSyncFailure } from "./sync-failure.ts";
import { besides } from "./temporary-name.ts";

/** The name by which operations call the directory in the container. */
const ROOT = "container";

export type Shipment = Pick<Differences, "send" | "remove"> & {
  /** What temporary files are called: nobody else's name, the same throughout. */
  readonly temporaryName: string;
  /** Of the rule on the host. */
  readonly source: string;
  readonly target: string;
  readonly entries: Pick<PathMap<HostEntry>, "get">;
  /** What the container was sure to have of the paths in question. */
  readonly had: (path: string) => Had | undefined;
  readonly known: Pick<PathMap<Had>, "below">;
};

export type Sent = {
  /** What the container has from now on. */
  readonly noted: readonly Noted[];
  /** How many paths were written; what has another time and the same content is not. */
  readonly written: number;
  /** What could not be read on the host. */
  readonly unreadable: readonly { readonly path: string; readonly error: Error }[];
};

/**
 * Brings files into a running container, through its own mounts and beneath its own root. Every file appears at once,
 * under another name first, so that a reader finds the old or the new one. A file that vanishes meanwhile is left out:
 * its removal is going to be told.
 */
export async function send(container: WatchedContainer, shipment: Shipment): Promise<Sent> {
  await using tree = new TreeProcess(helperPath(), explainSyncFailure(container.name));
  const enter = (directory: string) =>
    tree.send({
      op: "tree_enter",
      root: ROOT,
      pid: container.pid,
      startTime: BigInt(container.startTime),
      path: bytes(directory),
    });
  const [is, was] = [shipment.entries.get(""), shipment.had("")];
  const isFile = kindOf(is ?? was ?? "d") !== "directory";
  const [directory, name] = [posix.dirname(shipment.target), posix.basename(shipment.target)];
  if (!isFile && was !== undefined && was !== UNSURE && kindOf(was) !== "directory") {
    // A directory takes the place of a single file.
    enter(directory);
    tree.send({ op: "tree_remove", root: ROOT, path: bytes(name) });
  }
  enter(isFile ? directory : shipment.target);
  const sender = new Sender(tree, container, shipment, isFile ? name : undefined);
  for (const path of shipment.remove) sender.remove(path);
  for (const path of shipment.send) await sender.send(path);
  await tree.finish();
  return sender.sent;
}

class Sender {
  readonly #noted: Noted[] = [];
  readonly #unreadable: { readonly path: string; readonly error: Error }[] = [];
  #written = 0;
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

  get sent(): Sent {
    return { noted: this.#noted, written: this.#written, unreadable: this.#unreadable };
  }

  remove(path: string): void {
    // The target itself is the image's: it is emptied, not removed.
    if (path !== "" || this.#fileName !== undefined) {
      this.#tree.send({ op: "tree_remove", root: ROOT, path: this.#place(path) });
    }
    if (path === "") this.#noted.push(["", null]);
    else for (const [known] of this.#shipment.known.below(path)) this.#noted.push([known, null]);
  }

  async send(path: string): Promise<void> {
    const entry = this.#shipment.entries.get(path);
    if (entry === undefined) return;
    const was = this.#shipment.had(path);
    const kind = kindOf(entry);
    // A file cannot be renamed over a directory.
    if (kind !== "directory" && was?.startsWith("d")) this.remove(path);
    try {
      if (kind === "directory") this.#directory(path, entry);
      else if (kind === "link" && path !== "") this.#link(path, entry);
      else await this.#file(path, was);
    } catch (error) {
      if (!("syscall" in (error as object))) throw error;
      this.#unreadable.push({ path, error: error as Error });
    }
    await this.#tree.ready();
  }

  #directory(path: string, entry: HostEntry): void {
    // The target itself is the image's; its mode is too.
    if (path !== "") {
      this.#tree.send({
        op: "tree_dir",
        root: ROOT,
        path: this.#place(path),
        mode: modeOf(entry),
        ...this.#owner,
      });
      this.#written++;
    }
    this.#noted.push([path, entry]);
  }

  #link(path: string, entry: HostEntry): void {
    const target = linkTarget(join(this.#shipment.source, path));
    if (target === undefined) return;
    const temporary = this.#temporary(path);
    const link = { target, ...this.#owner, ...timeOf(Date.now()) };
    this.#tree.send({ op: "tree_symlink", root: ROOT, path: temporary, ...link });
    this.#rename(temporary, path);
    this.#noted.push([path, entry]);
  }

  async #file(path: string, was: Had | undefined): Promise<void> {
    const source = readSource(join(this.#shipment.source, path), path === "");
    if (!source) return;
    const { entry, content } = source;
    if (content === undefined) return this.#largeFile(path, source);
    const hash = createHash("sha256").update(content).digest("base64");
    const isSame = was !== undefined && hashOf(was) === hash && modeOf(was) === modeOf(entry);
    if (!isSame) await this.#replaceFile(path, source, [content]);
    this.#noted.push([path, hadWithHash(entry, hash)]);
  }

  /** Sent as it is read. One that changes meanwhile is sent again: it is noted as unsure. */
  async #largeFile(path: string, source: SourceFile): Promise<void> {
    const chunks = readLarge(join(this.#shipment.source, path), source.size);
    let isWhole = false;
    const watched = async function* () {
      isWhole = yield* chunks;
    };
    await this.#replaceFile(path, source, watched());
    this.#noted.push([path, isWhole ? source.entry : UNSURE]);
  }

  async #replaceFile(
    path: string,
    { entry, size, modified }: SourceFile,
    chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  ): Promise<void> {
    const temporary = this.#temporary(path);
    const file = { mode: modeOf(entry), ...this.#owner, ...timeOf(modified), size: BigInt(size) };
    this.#tree.send({ op: "tree_file", root: ROOT, path: temporary, ...file });
    for await (const chunk of chunks) await this.#tree.content(chunk);
    this.#rename(temporary, path);
  }

  #rename(temporary: string, path: string): void {
    this.#tree.send({ op: "tree_rename", root: ROOT, path: temporary, target: this.#place(path) });
    this.#written++;
  }

  #temporary(path: string): string {
    return bytes(besides(path, this.#shipment.temporaryName));
  }

  /** Relative to the directory entered, as a byte string. */
  #place(path: string): string {
    return bytes(path === "" ? (this.#fileName ?? "") : path);
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path, "latin1");
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Operations take names as byte strings. */
const bytes = (text: string) => Buffer.from(text, "utf8").toString("latin1");

function timeOf(milliseconds: number) {
  const seconds = Math.floor(milliseconds / 1000);
  return { mtimeSec: BigInt(seconds), mtimeNsec: Math.floor((milliseconds - seconds * 1000) * 1e6) };
}
