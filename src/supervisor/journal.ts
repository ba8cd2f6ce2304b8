import { appendFileSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory, type Roots } from "../lib/paths.ts";
import type { ContainerEvent } from "./protocol.ts";

const LARGEST = 1024 * 1024;

/**
 * projects/<name>/journal: what happened and why, one JSON object a line, appended with one write each so that a crash
 * leaves whole lines. Two files are kept.
 */
export function appendToJournal(roots: Roots, project: string, entry: object): void {
  const path = join(projectDirectory(roots, project), "journal");
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST) renameSync(path, `${path}.1`);
  try {
    appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  } catch (error) {
    // The project is gone, and its directory with it.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** What the journal of a project still holds, oldest first; nothing for a project that is gone. */
export function readJournal(roots: Roots, project: string): readonly ContainerEvent[] {
  const path = join(projectDirectory(roots, project), "journal");
  return [`${path}.1`, path].flatMap((file) => textOf(file).split("\n").flatMap(eventOf));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** A line may be in the middle of being written, or cut short by a full disk: then it tells nothing. */
function eventOf(line: string): readonly ContainerEvent[] {
  try {
    return [JSON.parse(line) as ContainerEvent];
  } catch {
    return [];
  }
}
