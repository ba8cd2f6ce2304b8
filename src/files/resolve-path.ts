import type { BigIntStats } from "node:fs";
import { readable } from "../lib/byte-string.ts";
import { GantryError } from "../lib/diagnostic.ts";
import type { HeldDirectory } from "./held-directory.ts";

/** As many links as the kernel follows. */
const MOST_LINKS = 40;

/** What a path leads to. Directories stay open as long as the root that was searched. */
export type Place =
  | { readonly kind: "directory"; readonly directory: HeldDirectory; readonly status: BigIntStats }
  | {
      readonly kind: "other";
      readonly parent: HeldDirectory;
      readonly name: string;
      readonly status: BigIntStats;
    }
  | { readonly kind: "missing"; readonly parent: HeldDirectory; readonly name: string };

/**
 * Finds a path beneath a root, as a process would whose root that is: links, also absolute ones, lead to where they
 * lead in there, and ".." never above it. The path is a byte string. `links`: "follow" a link at its end, or "keep" it.
 */
export function resolvePath(
  root: HeldDirectory,
  { path, text }: { readonly path: string; readonly text: string },
  links: "follow" | "keep",
): Place {
  const walk = new Walk(root, path, text);
  return walk.to(links === "follow" || /(?:^|\/)\.{0,2}$/.test(path));
}

class Walk {
  readonly #root: HeldDirectory;
  readonly #path: string;
  readonly #text: string;
  /** The directories from the root to where the walk is. */
  readonly #chain: HeldDirectory[];
  readonly #ahead: string[];
  #links = 0;

  constructor(root: HeldDirectory, path: string, text: string) {
    this.#root = root;
    this.#path = path;
    this.#text = text;
    this.#chain = [root];
    this.#ahead = componentsOf(path);
  }

  to(followsLast: boolean): Place {
    for (let name = this.#ahead.shift(); name !== undefined; name = this.#ahead.shift()) {
      const end = this.#step(name, followsLast);
      if (end) return end;
    }
    const directory = this.#here;
    return { kind: "directory", directory, status: directory.ownStatus() };
  }

  get #here(): HeldDirectory {
    return this.#chain.at(-1)!;
  }

  /** Goes one name further; the place when that is the end. */
  #step(name: string, followsLast: boolean): Place | undefined {
    if (name === "..") {
      if (this.#chain.length > 1) this.#chain.pop();
      return undefined;
    }
    const parent = this.#here;
    const isLast = this.#ahead.length === 0;
    const status = parent.status(name);
    if (!status && isLast) return { kind: "missing", parent, name };
    if (!status) throw this.#failure(`there is no ${readable(name)} on the way`);
    if (status.isSymbolicLink() && (followsLast || !isLast)) this.#follow(parent.link(name));
    else if (status.isDirectory()) this.#chain.push(this.#root.keep(parent.directory(name)));
    else if (isLast && !this.#path.endsWith("/")) return { kind: "other", parent, name, status };
    else throw this.#failure(`${readable(name)} is not a directory`);
    return undefined;
  }

  #follow(target: string): void {
    if (++this.#links > MOST_LINKS) throw this.#failure("there are too many symbolic links");
    if (target.startsWith("/")) this.#chain.splice(1);
    this.#ahead.unshift(...componentsOf(target));
  }

  #failure(reason: string): GantryError {
    return new GantryError("no-such-path", `${this.#text} cannot be reached: ${reason}`);
  }
}

const componentsOf = (path: string) => path.split("/").filter((name) => name !== "" && name !== ".");
