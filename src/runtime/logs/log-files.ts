import { closeSync, fstatSync, openSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** An open log file; rotation may have given it another name meanwhile. */
export type OpenLog = { readonly descriptor: number; readonly inode: bigint };

/** A rotation takes three renames: some of them may always come in between, all of them never do. */
const ATTEMPTS = 100;

/**
 * Opens the files of a container's log that are there, the oldest first: log.2, log.1, log. They are those of one
 * moment: while a rotation gives them other names, a file could be opened twice and another not at all.
 */
export function openLogs(directory: string): OpenLog[] {
  for (let attempt = 1; ; attempt++) {
    const names = logNames(directory);
    const opened = names.map((name) => openLog(join(directory, name)));
    const found = opened.filter((log) => log !== undefined);
    const isMoment = logNames(directory).join() === names.join() && names.every(hasStayed(directory, opened));
    if (isMoment || attempt === ATTEMPTS) return found;
    closeLogs(found);
  }
}

/** Whether this is the file that is being written, so that there is none after it. */
export const isNewest = (directory: string, { inode }: OpenLog): boolean =>
  inodeOf(join(directory, "log")) === inode;

const hasStayed =
  (directory: string, opened: readonly (OpenLog | undefined)[]) => (name: string, at: number) =>
    opened[at]?.inode === inodeOf(join(directory, name));

const inodeOf = (path: string): bigint | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

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
