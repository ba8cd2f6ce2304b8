import type { WrittenEntry } from "../tar/write-header.ts";
import type { Attribute } from "./attributes.ts";

/** How a layer's tar says that a name of a lower layer is gone (OCI image-spec layer.md). */
export const WHITEOUT_PREFIX = ".wh.";
/** In a directory: nothing of the lower layers' directory shows through. */
export const OPAQUE_MARK = ".wh..wh..opq";

/** How overlayfs says the same on disk; mounted with `userxattr` it reads the user.* names. */
export function overlayAttributes(userNamespace: boolean) {
  const prefix = userNamespace ? "user.overlay" : "trusted.overlay";
  return { opaque: { name: `${prefix}.opaque`, value: Buffer.from("y") } };
}

/** Attributes that would speak to overlayfs (redirects to other directories, for one) or to the host's own policy. */
export function isForeignAttribute(name: string): boolean {
  return /^(?:trusted|user)\.overlay\./.test(name) || name === "security.selinux";
}

/** Whether a directory's attributes say that nothing of the lower layers shows through. */
export const marksOpaque = (attributes: readonly Attribute[]): boolean =>
  attributes.some(
    ({ name, value }) => /^(?:trusted|user)\.overlay\.opaque$/.test(name) && value.toString() === "y",
  );

/** The entry of a layer's tar for one of these marks in a directory ("" is the root). */
export function whiteoutEntry(directory: string, mark: string): WrittenEntry {
  return {
    name: directory === "" ? mark : `${directory}/${mark}`,
    flag: "0",
    mode: 0,
    uid: 0,
    gid: 0,
    modified: 0,
    size: 0,
    link: "",
    major: 0,
    minor: 0,
    xattrs: [],
  };
}
