import type { HostEntry } from "../host/entry.ts";
import type { Had } from "./manifest.ts";

export type Differences = {
  /** Paths to be sent, directories before what is in them. */
  readonly send: readonly string[];
  /** Paths to be removed; what is below them goes too. */
  readonly remove: readonly string[];
};

/** What has to happen in a container for it to have, of these paths, what the host has. */
export function differences(
  have: ReadonlyMap<string, Had>,
  want: ReadonlyMap<string, HostEntry>,
  paths: Iterable<string>,
): Differences {
  const all = [...new Set(paths)].sort();
  const gone = all.filter((path) => have.has(path) && !want.has(path));
  return {
    send: all.filter((path) => want.has(path) && want.get(path)!.identity !== have.get(path)?.identity),
    remove: withoutNested(gone),
  };
}

/** Sorted paths without those below another one. */
function withoutNested(paths: readonly string[]): string[] {
  const kept: string[] = [];
  for (const path of paths) {
    const last = kept.at(-1);
    if (last === undefined || !path.startsWith(`${last}/`)) kept.push(path);
  }
  return kept;
}
