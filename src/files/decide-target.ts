import { GantryError } from "../lib/diagnostic.ts";

/** What is copied, as far as where it goes depends on it. */
export type CopySource = {
  readonly isDirectory: boolean;
  /** The last name of its path; "" for a root. */
  readonly name: string;
  /** Given as "DIRECTORY/.": what is in it, not itself. */
  readonly contentsOnly: boolean;
};

/** Where it is to go. */
export type CopyDestination = {
  readonly kind: "directory" | "other" | "missing";
  /** As it was written, for messages. */
  readonly text: string;
  /** The last name of its path when it is no directory. */
  readonly name: string;
};

/** The name it gets, and in which directory: the destination itself, or the one that holds it. */
export type CopyTarget = { readonly within: "destination" | "parent"; readonly name: string };

/** Docker's rules for `cp` (docs.docker.com/reference/cli/docker/container/cp). */
export function decideTarget(source: CopySource, destination: CopyDestination): CopyTarget {
  const { kind, text, name } = destination;
  if (kind === "directory") {
    const merges = source.isDirectory && (source.contentsOnly || source.name === "");
    return { within: "destination", name: merges ? "." : source.name };
  }
  if (kind === "other" && source.isDirectory) {
    throw new GantryError("copy-conflict", `${text} is a file: a directory cannot be copied over it`);
  }
  if (kind === "missing" && !source.isDirectory && asksForDirectory(text)) {
    throw new GantryError("no-such-path", `there is no directory ${text}`, {
      hint: "Make it first, or leave out the slash to copy the file under that name.",
    });
  }
  return { within: "parent", name };
}

/** Whether the path can only be a directory's. */
export const asksForDirectory = (path: string): boolean => /(?:^|\/)\.{0,2}$/.test(path);

/** Whether what is in the directory is meant, rather than the directory. */
export const meansContents = (path: string): boolean => /(?:^|\/)\.\/*$/.test(path);
