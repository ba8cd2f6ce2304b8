/** A directory of a PathMap: its own value, and what is in it by name. A name without children is kept as its value. */
class Folder<Value> {
  own: Value | undefined;
  readonly names = new Map<string, Value | Folder<Value>>();

  constructor(own: Value | undefined) {
    this.own = own;
  }
}

/**
 * Values by relative path ("" is the place itself), kept as the tree they form: a name costs its own letters and one
 * place in a table, and what lies below a path is at hand. Values must not be undefined.
 */
export class PathMap<Value> {
  readonly #root = new Folder<Value>(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(path: string): Value | undefined {
    const found = this.#find(path);
    return found instanceof Folder ? found.own : found;
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  set(path: string, value: Value): void {
    if (!this.has(path)) this.#size++;
    if (path === "") {
      this.#root.own = value;
      return;
    }
    const [folder, name] = this.#folderOf(path);
    const known = folder.names.get(name);
    if (known instanceof Folder) known.own = value;
    else folder.names.set(name, value);
  }

  /** Forgets the value at the path; what is below it stays. */
  delete(path: string): void {
    if (!this.has(path)) return;
    this.#size--;
    const found = this.#find(path);
    if (found instanceof Folder) found.own = undefined;
    else {
      const [folder, name] = this.#folderOf(path);
      folder.names.delete(name);
    }
  }

  /** Forgets everything at and below the path. */
  clear(path: string): void {
    for (const _ of this.below(path)) this.#size--;
    if (path === "") {
      this.#root.own = undefined;
      this.#root.names.clear();
    } else if (this.#find(path) !== undefined) {
      const [folder, name] = this.#folderOf(path);
      folder.names.delete(name);
    }
  }

  /** Names directly below the path. */
  names(path: string): string[] {
    const found = this.#find(path);
    return found instanceof Folder ? [...found.names.keys()] : [];
  }

  /** What is at and below the path, directories before what is in them. */
  *below(path = ""): Generator<readonly [path: string, value: Value]> {
    const found = this.#find(path);
    if (found instanceof Folder) yield* walk(path, found);
    else if (found !== undefined) yield [path, found];
  }

  copy(): PathMap<Value> {
    const copy = new PathMap<Value>();
    copyFolder(this.#root, copy.#root);
    copy.#size = this.#size;
    return copy;
  }

  #find(path: string): Value | Folder<Value> | undefined {
    if (path === "") return this.#root;
    let folder = this.#root;
    for (let start = 0; ; ) {
      const end = path.indexOf("/", start);
      const found = folder.names.get(end < 0 ? path.slice(start) : path.slice(start, end));
      if (end < 0) return found;
      if (!(found instanceof Folder)) return undefined;
      folder = found;
      start = end + 1;
    }
  }

  /** The folder that has, or is to have, the path's last name; made where it is missing. */
  #folderOf(path: string): [folder: Folder<Value>, name: string] {
    const parts = path.split("/");
    const name = parts.pop()!;
    let folder = this.#root;
    for (const part of parts) {
      const known = folder.names.get(part);
      if (known instanceof Folder) folder = known;
      else {
        const made = new Folder<Value>(known);
        folder.names.set(part, made);
        folder = made;
      }
    }
    return [folder, name];
  }
}

function* walk<Value>(path: string, folder: Folder<Value>): Generator<readonly [string, Value]> {
  if (folder.own !== undefined) yield [path, folder.own];
  for (const [name, one] of folder.names) {
    const inner = beneath(path, name);
    if (one instanceof Folder) yield* walk(inner, one);
    else yield [inner, one];
  }
}

function copyFolder<Value>(from: Folder<Value>, to: Folder<Value>): void {
  to.own = from.own;
  for (const [name, one] of from.names) {
    if (one instanceof Folder) {
      const inner = new Folder<Value>(undefined);
      copyFolder(one, inner);
      to.names.set(name, inner);
    } else to.names.set(name, one);
  }
}

/** The path of a name in a directory, both relative to the same place. */
export const beneath = (directory: string, name: string): string =>
  directory === "" ? name : `${directory}/${name}`;
