import { join } from "node:path";
import { projectDirectory, type Roots } from "../../lib/paths.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import type { TimelineEntry } from "./entry.ts";

type Of<Type extends TimelineEntry["type"]> = Extract<TimelineEntry, { type: Type }>;

/** When the last `up` of a project did what. */
export type Timeline = Omit<Of<"begin">, "type"> & {
  readonly done: readonly Of<"step">[];
  readonly probes: readonly Of<"probe">[];
  /** Absent while it is under way, and when it was broken off by a kill. */
  readonly end?: Of<"end">;
};

/** The timeline of a project's last `up`; undefined when there is none, or one of another version. */
export function readTimeline(roots: Roots, project: string): Timeline | undefined {
  const text = readIfPresent(join(projectDirectory(roots, project), "timeline")) ?? "";
  const [begin, ...rest] = text.split("\n").flatMap(entryOf);
  if (begin?.type !== "begin" || begin.version !== 1) return undefined;
  const end = rest.find((entry) => entry.type === "end");
  return {
    ...begin,
    done: rest.filter((entry) => entry.type === "step"),
    probes: rest.filter((entry) => entry.type === "probe"),
    ...(end && { end }),
  };
}

/** A line may be in the middle of being written, or cut short by a full disk: then it tells nothing. */
function entryOf(line: string): readonly TimelineEntry[] {
  try {
    return [JSON.parse(line) as TimelineEntry];
  } catch {
    return [];
  }
}
