import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";

/** Where version 2 is mounted: by itself or, on a hybrid host, beside version 1. */
const unified = () =>
  readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .find((line) => / - cgroup2 /.test(line))!
    .split(" ")[4]!;

/** A cgroup of version 2 for one test. */
export function unifiedGroup(): { readonly path: string; readonly remove: () => void } {
  const path = join(unified(), `gantry-native-${process.pid}-${Math.random().toString(36).slice(2)}`);
  mkdirSync(path);
  return { path, remove: () => rmdirSync(path) };
}
