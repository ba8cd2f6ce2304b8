import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Roots } from "./paths.ts";
import { readIfPresent } from "./status-file.ts";

/** Names this boot of the machine (random(4)). */
export const bootId = (): string => (readIfPresent("/proc/sys/kernel/random/boot_id") ?? "").trim();

const recordOf = ({ run }: Roots) => join(run, "boot");

/**
 * Forgets what an earlier boot left in a run root that is not in memory: its pids and start times may be those of
 * other processes by now. Several may do so at once; whoever moves the old directory away first has done it, since
 * the place it is moved to is the old boot's own and stays taken.
 */
export function forgetEarlierBoot(roots: Roots): void {
  if (roots.run.startsWith("/run/")) return;
  const recorded = readIfPresent(recordOf(roots));
  if (recorded === undefined || recorded === bootId()) return;
  // Beside it: a rename does not leave its file system.
  const place = `${roots.run}.${recorded.replaceAll(/[^\da-f-]/g, "")}`;
  try {
    renameSync(roots.run, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOENT") return;
    throw error;
  }
  for (const name of ["containers", "projects", "contents", "fetch"])
    rmSync(join(place, name), { recursive: true, force: true });
}

/** Notes which boot the run root belongs to, before anything is put there. */
export function noteBoot(roots: Roots): void {
  if (readIfPresent(recordOf(roots)) !== undefined) return;
  mkdirSync(roots.run, { recursive: true, mode: 0o700 });
  const fresh = `${recordOf(roots)}.${process.pid}`;
  writeFileSync(fresh, bootId(), { mode: 0o600 });
  renameSync(fresh, recordOf(roots));
}
