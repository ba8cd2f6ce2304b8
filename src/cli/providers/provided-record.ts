import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { atomicWrite } from "../../lib/atomic-write.ts";
import type { Roots } from "../../lib/paths.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import type { Provided } from "./run-provider.ts";

const recordPath = (roots: Roots, project: string) => join(roots.data, "providers", `${project}.json`);

/** What programs of the host provide for a project: written before they are called, for `down` to end it. */
export function readProvided(roots: Roots, project: string): Provided[] {
  const text = readIfPresent(recordPath(roots, project));
  return text === undefined ? [] : (JSON.parse(text) as { provided: Provided[] }).provided;
}

export async function writeProvided(
  roots: Roots,
  project: string,
  provided: readonly Provided[],
): Promise<void> {
  const path = recordPath(roots, project);
  if (provided.length === 0) return rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  await atomicWrite(path, `${JSON.stringify({ version: 1, provided })}\n`);
}
