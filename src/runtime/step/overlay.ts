import type { Op } from "../../lib/launch-plan/index.ts";
import { userNamespace } from "../../lib/user-namespace.ts";

/** Layers stacked into one tree. */
export type StackedLayers = {
  /** Absolute, topmost first, at least one. */
  readonly lower: readonly string[];
  /** Where changes go; without one the tree is read-only, and needs two lower directories. */
  readonly upper?: string;
  readonly work?: string;
};

/**
 * Without redirects and the like: what an upper directory holds must be a layer by itself, that can be packed and lie
 * over other layers.
 */
const OPTIONS = ["redirect_dir=off", "metacopy=off", "index=off"];

/** Attributes that an ordinary user may set. Redirects are off with it, and the kernel wants no word about them. */
const USER_OPTIONS = ["userxattr"];

/** Mounts stacked layers at an absolute path. */
export function overlayOf({ lower, upper = "", work = "" }: StackedLayers, target: string): Op {
  const rootOptions = upper === "" ? [] : OPTIONS;
  const options = userNamespace().isInitial ? rootOptions : USER_OPTIONS;
  return { op: "overlay", target, lower, upper, work, flags: 0n, options };
}
