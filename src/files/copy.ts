import { posix } from "node:path";
import { byteString } from "../lib/byte-string.ts";
import { GantryError } from "../lib/diagnostic.ts";
import { archiveTree } from "./archive-tree.ts";
import { decideTarget, meansContents } from "./decide-target.ts";
import { extractTree } from "./extract-tree.ts";
import type { HeldDirectory } from "./held-directory.ts";
import { type Place, resolvePath } from "./resolve-path.ts";

/** A path in a container or on this host. */
export type CopyEnd = {
  readonly root: HeldDirectory;
  /** Absolute within the root, with a trailing slash or dot where the user wrote one. */
  readonly path: string;
  /** As it is to be called in messages. */
  readonly text: string;
};

export type CopyOptions = {
  /** A link at the end of the source's path is followed. */
  readonly followLink: boolean;
  /** Whose everything becomes; absent: as in the source. */
  readonly owner?: { readonly uid: number; readonly gid: number };
};

type Found = Exclude<Place, { kind: "missing" }>;

/** Copies a file or a tree from one end to the other. */
export async function copy(source: CopyEnd, destination: CopyEnd, options: CopyOptions): Promise<void> {
  const place = findSource(source, options.followLink);
  const found = locate(destination, "follow");
  const target = decideTarget(describeSource(source, place), {
    kind: found.kind,
    text: destination.text,
    name: found.kind === "directory" ? "" : found.name,
  });
  const directory = found.kind === "directory" ? found.directory : found.parent;
  const archive = archiveTree({ place, name: target.name, text: source.text });
  await extractTree(archive, { directory, owner: options.owner, where: destination.text });
}

/** The source as an archive (`cp SERVICE:PATH -`). */
export function copyToArchive(source: CopyEnd, followLink: boolean): AsyncGenerator<Buffer> {
  const place = findSource(source, followLink);
  const { name, contentsOnly } = describeSource(source, place);
  return archiveTree({ place, name: contentsOnly || name === "" ? "." : name, text: source.text });
}

/** Unpacks an archive into a directory that is there (`cp - SERVICE:PATH`). */
export async function copyFromArchive(
  archive: AsyncIterable<Uint8Array>,
  destination: CopyEnd,
  owner: CopyOptions["owner"],
): Promise<void> {
  const place = locate(destination, "follow");
  if (place.kind !== "directory") {
    throw new GantryError("no-such-path", `${destination.text} is not a directory`, {
      hint: "An archive can only be unpacked into a directory that exists.",
    });
  }
  await extractTree(archive, { directory: place.directory, owner, where: destination.text });
}

const locate = ({ root, path, text }: CopyEnd, links: "follow" | "keep"): Place =>
  resolvePath(root, { path: byteString(path), text }, links);

function findSource(end: CopyEnd, followLink: boolean): Found {
  const place = locate(end, followLink ? "follow" : "keep");
  if (place.kind !== "missing") return place;
  throw new GantryError("no-such-path", `there is no ${end.text}`);
}

function describeSource({ path }: CopyEnd, place: Found) {
  return {
    isDirectory: place.kind === "directory",
    name: byteString(posix.basename(posix.normalize(path))),
    contentsOnly: meansContents(path),
  };
}
