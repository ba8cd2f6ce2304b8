import type { HostEntry } from "../host/entry.ts";
import type { PathMap } from "../host/path-map.ts";
import { type Had, isSame, UNSURE } from "./manifest.ts";
import { isTemporary } from "./temporary-name.ts";

export type Differences = {
  /** Paths to be sent, directories before what is in them. */
  readonly send: readonly string[];
  /** Paths to be removed; what is below them goes too. */
  readonly remove: readonly string[];
  /** Paths that are nobody's business any more: they stay as they are. */
  readonly forget: readonly string[];
};

type Comparison = {
  readonly have: Pick<PathMap<Had>, "get" | "has" | "below">;
  readonly want: Pick<PathMap<HostEntry>, "get" | "has" | "below">;
  /** Whether the rule is about a path: what it is not about, or no more, is left as it is in the container. */
  readonly isWatched: (path: string) => boolean;
};

/** What has to happen in a container for it to have, of these paths, or of all, what the host has. */
export function differences(comparison: Comparison, paths?: Iterable<string>): Differences {
  const { have, want, isWatched } = comparison;
  const send: string[] = [];
  const remove: string[] = [];
  const forget: string[] = [];
  for (const path of paths ? new Set(paths) : allPaths(comparison)) {
    const [had, entry] = [have.get(path), want.get(path)];
    if (entry !== undefined) {
      if (!isSame(had, entry)) send.push(path);
    } else if (had !== undefined) {
      const isOurs = isWatched(path) || (had === UNSURE && isTemporary(path));
      (isOurs ? remove : forget).push(path);
    }
  }
  return { send: send.sort(), remove: withoutNested(remove.sort()), forget };
}

function* allPaths({ have, want }: Comparison): Generator<string> {
  for (const [path] of want.below()) yield path;
  for (const [path] of have.below()) if (!want.has(path)) yield path;
}

/** Sorted paths without those right after one they are below. */
function withoutNested(paths: readonly string[]): string[] {
  const kept: string[] = [];
  for (const path of paths) {
    const last = kept.at(-1);
    if (last === undefined || !path.startsWith(`${last}/`)) kept.push(path);
  }
  return kept;
}
