import { lstatSync, readlinkSync, type Stats } from "node:fs";

/** A path on disk as bytes: names are byte strings (latin1), since Linux names have no encoding. */
export function onDisk(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
}

/** Text as a byte string, and back. */
export const bytesOf = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
export const textOf = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8");

/** The parts of a path that mean something; ".." stops at the root. */
export function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** What is at a path, which is not followed if it is a link; undefined when there is nothing. */
export function statAt(root: string, path: string): Stats | undefined {
  try {
    return lstatSync(path === "" ? Buffer.from(root) : onDisk(root, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

const MOST_LINKS = 40;

/**
 * Where a path leads within a root that may be hostile: links are followed component by component and never out of
 * it. What does not exist stays as it is written. `last`: whether a link at the very end is followed too.
 */
export function resolveWithin(root: string, path: string, last: boolean): string {
  const todo = path.split("/").reverse();
  let done: string[] = [];
  let links = 0;
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const here = [...done, part].join("/");
    const isLast = todo.every((one) => one === "" || one === ".");
    const follow = !isLast || last;
    if (follow && statAt(root, here)?.isSymbolicLink() && links++ < MOST_LINKS) {
      const target = readlinkSync(onDisk(root, here), { encoding: "latin1" });
      if (target.startsWith("/")) done = [];
      todo.push(...target.split("/").reverse());
    } else done.push(part);
  }
  return done.join("/");
}
