import { appendFileSync, existsSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory, type Roots } from "../lib/paths.ts";

const LARGEST = 1024 * 1024;

/**
 * projects/<name>/journal: what happened and why, one JSON object a line, appended with one write each so that a crash
 * leaves whole lines. Two files are kept.
 */
export function appendToJournal(roots: Roots, project: string, entry: object): void {
  const directory = projectDirectory(roots, project);
  if (!existsSync(directory)) return;
  const path = join(directory, "journal");
  if (existsSync(path) && statSync(path).size > LARGEST) renameSync(path, `${path}.1`);
  appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}
