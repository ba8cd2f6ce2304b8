import { closeSync, fstatSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** An open log file; rotation may have given it another name meanwhile. */
export type OpenLog = { readonly descriptor: number; readonly inode: bigint };

/** Opens the files of a container's log that are there, the oldest first: log.2, log.1, log. */
export function openLogs(directory: string): OpenLog[] {
  return logNames(directory).flatMap((name) => {
    const opened = openLog(join(directory, name));
    return opened ? [opened] : [];
  });
}

/** Closes what openLogs has opened. */
export function closeLogs(logs: readonly OpenLog[]): void {
  for (const { descriptor } of logs) closeSync(descriptor);
}

function logNames(directory: string): string[] {
  const rotation = (name: string) => Number(name.split(".")[1] ?? 0);
  return entriesOf(directory)
    .filter((name) => /^log(\.\d+)?$/.test(name))
    .sort((one, other) => rotation(other) - rotation(one));
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A file can be rotated away between listing and opening: then it is found under its next name, or gone. */
function openLog(path: string): OpenLog | undefined {
  try {
    const descriptor = openSync(path, "r");
    return { descriptor, inode: fstatSync(descriptor, { bigint: true }).ino };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
