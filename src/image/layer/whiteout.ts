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
