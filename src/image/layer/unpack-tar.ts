import { readable } from "../../lib/byte-string.ts";
import type { TarEntry, TarTime } from "../tar/entry.ts";
import { readTar } from "../tar/read-tar.ts";
import { unsafeEntry } from "./entry-path.ts";
import { FILE, LayerTree, type Place, WHITEOUT } from "./layer-tree.ts";
import { type LayerLimits, tooLarge, tooManyEntries } from "./limits.ts";
import type { TreeOp } from "./tree-encoder.ts";
import type { TreeProcess } from "./tree-process.ts";
import { isForeignAttribute, OPAQUE_MARK, overlayAttributes, WHITEOUT_PREFIX } from "./whiteout.ts";

/** Device and fifo types of stat(2)'s st_mode. */
const NODE_TYPES = { fifo: 0o010000, character: 0o020000, block: 0o060000 } as const;

export type Unpacking = {
  /** Absolute; made and filled by the helper, so that owners, devices and attributes come out right. */
  readonly directory: string;
  readonly helper: TreeProcess;
  readonly userNamespace: boolean;
  readonly limits: LayerLimits;
};

/** Turns a layer's tar stream into tree operations beneath `directory`; returns the bytes of all files. */
export async function unpackTar(source: AsyncIterable<Uint8Array>, unpacking: Unpacking): Promise<number> {
  const unpacker = new Unpacker(unpacking);
  for await (const entry of readTar(source)) await unpacker.take(entry);
  await unpacker.setDirectoryTimes();
  return unpacker.size;
}

class Unpacker {
  readonly #tree: LayerTree;
  readonly #root: string;
  readonly #unpacking: Unpacking;
  #entries = 0;
  size = 0;

  constructor(unpacking: Unpacking) {
    this.#unpacking = unpacking;
    this.#root = Buffer.from(unpacking.directory, "utf8").toString("latin1");
    this.#tree = new LayerTree(unpacking.limits.entries, (path) => this.#revive(path));
  }

  async take(entry: TarEntry): Promise<void> {
    const { limits, helper } = this.#unpacking;
    if (++this.#entries > limits.entries) throw tooManyEntries(limits.entries);
    const place = this.#tree.place(entry.name);
    if (place === undefined) this.#takeRoot(entry);
    else if (place.name.startsWith(WHITEOUT_PREFIX)) this.#hide(entry, place);
    else await this.#make(entry, place);
    await helper.ready();
  }

  /** Directory times come last, since every file made in a directory changes them. */
  async setDirectoryTimes(): Promise<void> {
    for (const { path, modified } of this.#tree.directoryTimes()) {
      this.#send({ op: "tree_times", root: this.#root, path: path || ".", ...timeFields(modified) });
      await this.#unpacking.helper.ready();
    }
  }

  #takeRoot(entry: TarEntry): void {
    if (entry.type !== "directory") throw unsafeEntry(entry.name, "the root of a layer must be a directory");
    this.#send({ op: "tree_dir", root: this.#root, path: ".", ...ownerFields(entry) });
    this.#tree.root.modified = entry.modified;
    this.#setAttributes(entry, ".");
  }

  /** A whiteout hides what lower layers have. An entry of the same layer is not hidden by it, whichever comes first. */
  #hide(entry: TarEntry, place: Place): void {
    if (place.name === OPAQUE_MARK) {
      this.#hideBelow(place);
      return;
    }
    const hidden = place.name.slice(WHITEOUT_PREFIX.length);
    // Further names with the prefix twice are an older union file system's own business.
    if (hidden.startsWith(WHITEOUT_PREFIX)) return;
    if (hidden === "" || hidden === "." || hidden === "..") throw unsafeEntry(entry.name, "it hides no name");
    const target = { ...place, name: hidden, path: joined(parentOf(place.path), hidden) };
    const present = this.#tree.at(target);
    if (present?.kind === "directory") this.#makeOpaque(target.path);
    if (present !== undefined) return;
    this.#tree.put(target, WHITEOUT);
    const device = { mode: NODE_TYPES.character, major: 0, minor: 0, uid: 0, gid: 0 };
    this.#send({ op: "tree_node", root: this.#root, path: target.path, ...device });
  }

  #hideBelow(mark: Place): void {
    const path = parentOf(mark.path);
    // The archive may mention the directory only later.
    if (mark.directory.modified === undefined) this.#makeDefaultDirectory(path);
    this.#makeOpaque(path);
  }

  async #make(entry: TarEntry, place: Place): Promise<void> {
    const [root, path] = [this.#root, place.path];
    if (entry.type === "directory") {
      const revived = this.#tree.at(place)?.kind === "whiteout";
      this.#send({ op: "tree_dir", root, path, ...ownerFields(entry) });
      if (revived) this.#makeOpaque(path);
      this.#tree.putDirectory(place, entry.modified);
    } else if (entry.type === "file") await this.#makeFile(entry, place);
    else if (entry.type === "symlink") this.#makeSymlink(entry, place);
    else if (entry.type === "hardlink") return this.#makeHardLink(entry, place);
    else if (!this.#makeNode(entry, place, NODE_TYPES[entry.type])) return;
    this.#setAttributes(entry, path);
  }

  async #makeFile(entry: TarEntry, place: Place): Promise<void> {
    const { helper, limits } = this.#unpacking;
    this.size += entry.size;
    if (this.size > limits.bytes) throw tooLarge(`its files are longer than ${limits.bytes} bytes together`);
    const fields = { ...ownerFields(entry), ...timeFields(entry.modified), size: BigInt(entry.size) };
    this.#send({ op: "tree_file", root: this.#root, path: place.path, ...fields });
    this.#tree.put(place, FILE);
    if (entry.size === 0) return;
    for await (const chunk of entry.content()) await helper.content(chunk);
  }

  #makeSymlink(entry: TarEntry, place: Place): void {
    const { uid, gid, link } = entry;
    if (link === "" || link.includes("\0")) throw unsafeEntry(entry.name, "it is a symbolic link to nothing");
    const fields = { target: link, uid, gid, ...timeFields(entry.modified) };
    this.#send({ op: "tree_symlink", root: this.#root, path: place.path, ...fields });
    this.#tree.put(place, { kind: "symlink", target: link });
  }

  /** A hard link's target is a path of this layer: nothing outside can be meant, and nothing else can be linked. */
  #makeHardLink(entry: TarEntry, place: Place): void {
    const target = this.#tree.place(entry.link);
    const node = target && this.#tree.at(target);
    const linkable = node?.kind === "file" || node?.kind === "symlink";
    if (!target || !linkable) {
      throw unsafeEntry(
        entry.name,
        `it is a hard link to "${readable(entry.link)}", which is no file of this layer`,
      );
    }
    if (target.path === place.path) return;
    this.#send({ op: "tree_hardlink", root: this.#root, path: place.path, target: target.path });
    this.#tree.put(place, node);
  }

  /** False when the node was left out: root of a user namespace can make no devices, as every rootless runtime. */
  #makeNode(entry: TarEntry, place: Place, type: number): boolean {
    const { uid, gid, major, minor } = entry;
    if (this.#unpacking.userNamespace && entry.type !== "fifo") return false;
    const fields = { mode: type | entry.mode, major, minor, uid, gid };
    this.#send({ op: "tree_node", root: this.#root, path: place.path, ...fields });
    this.#tree.put(place, FILE);
    return true;
  }

  /** After owner and content, since changing these drops file capabilities. */
  #setAttributes(entry: TarEntry, path: string): void {
    for (const { name, value } of entry.xattrs) {
      if (isForeignAttribute(name)) continue;
      this.#send({ op: "tree_xattr", root: this.#root, path, name, value, optional: 1 });
    }
  }

  #makeOpaque(path: string): void {
    const { name, value } = overlayAttributes(this.#unpacking.userNamespace).opaque;
    this.#send({ op: "tree_xattr", root: this.#root, path, name, value, optional: 0 });
  }

  #revive(path: string): void {
    this.#makeDefaultDirectory(path);
    this.#makeOpaque(path);
  }

  #makeDefaultDirectory(path: string): void {
    this.#send({ op: "tree_dir", root: this.#root, path, mode: 0o755, uid: 0, gid: 0 });
  }

  #send(op: TreeOp): void {
    this.#unpacking.helper.send(op);
  }
}

const ownerFields = ({ mode, uid, gid }: TarEntry) => ({ mode, uid, gid });

const timeFields = ({ seconds, nanoseconds }: TarTime) => ({ mtimeSec: seconds, mtimeNsec: nanoseconds });

const parentOf = (path: string) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".");

const joined = (parent: string, name: string) => (parent === "." ? name : `${parent}/${name}`);
