import { dirname, join } from "node:path";
import { tryRead, tryWrite } from "./control-file.ts";

/**
 * A group of version 1 gives its children no more real-time microseconds than it has itself, and a new one has none:
 * the groups between `directory` and `base` get as many more as the one below them is going to have more.
 */
export function raiseRealtimeAbove(base: string, directory: string, runtime: number): void {
  const more = runtime - runtimeOf(directory);
  const above = groupsBetween(base, directory);
  if (more <= 0) return;
  for (const group of above) tryWrite(join(group, FILE), String(runtimeOf(group) + more));
}

const FILE = "cpu.rt_runtime_us";

const runtimeOf = (group: string) => Number(tryRead(join(group, FILE)) ?? 0);

/** From the outermost on: each needs its parent's share first. */
function groupsBetween(base: string, directory: string): string[] {
  const parent = dirname(directory);
  return parent === base || parent === directory ? [] : [...groupsBetween(base, parent), parent];
}
