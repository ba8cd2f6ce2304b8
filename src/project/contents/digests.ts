import { createHmac, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Roots } from "../../lib/paths.ts";
import { readBytesIfPresent } from "../../lib/status-file.ts";
import { type Contents, noContents, type Section } from "./contents.ts";

/**
 * Digests of configs and secrets by key, equal for equal content and of no use for guessing it, and ids of images that
 * are mounted by reference.
 */
export type ContentDigests = Readonly<Record<Section | "images", Readonly<Record<string, string>>>>;

export const noDigests: ContentDigests = { configs: {}, secrets: {}, images: {} };

type Given = {
  readonly contents?: Contents;
  readonly mountedImages?: Readonly<Record<string, { readonly id: string }>>;
};

/**
 * Digests under a key that only this installation has: the hash of a short secret could be tried out by anybody who
 * reads the labels of its container.
 */
export function contentDigests(
  roots: Roots,
  { contents = noContents, mountedImages = {} }: Given,
): ContentDigests {
  const images = Object.fromEntries(Object.entries(mountedImages).map(([name, { id }]) => [name, id]));
  const isEmpty = Object.keys(contents.configs).length + Object.keys(contents.secrets).length === 0;
  if (isEmpty) return { ...noDigests, images };
  const key = digestKey(roots);
  const digests = (section: Section) =>
    Object.fromEntries(
      Object.entries(contents[section]).map(([name, content]) => [
        name,
        createHmac("sha256", key).update(content).digest("hex"),
      ]),
    );
  return { configs: digests("configs"), secrets: digests("secrets"), images };
}

/** digest.key of the data root; the first of several that make it wins. */
function digestKey(roots: Roots): Buffer {
  const path = join(roots.data, "digest.key");
  const known = readBytesIfPresent(path);
  if (known) return known;
  mkdirSync(roots.data, { recursive: true, mode: 0o700 });
  const fresh = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(fresh, randomBytes(32), { mode: 0o600, flush: true });
  try {
    linkSync(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(fresh);
  }
  return readBytesIfPresent(path)!;
}
