import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { isAbandoned, ownedName } from "../../lib/owned-name.ts";
import type { Roots } from "../../lib/paths.ts";
import { readIfPresent } from "../../lib/status-file.ts";
import { copyTree } from "./copy-tree.ts";

/** What volumes of a project contained once. */
export type Snapshot = {
  readonly name: string;
  readonly project: string;
  /** Unix milliseconds. */
  readonly created: number;
  /** Keys of the volumes, as the files call them. */
  readonly volumes: readonly string[];
};

const directory = (roots: Roots) => join(roots.data, "snapshots");

/** The directory that holds what a volume of a snapshot contained. */
export const snapshotData = (roots: Roots, { name, volumes }: Snapshot, key: string) =>
  join(directory(roots), name, String(volumes.indexOf(key)));

/** All snapshots, by name. */
export function listSnapshots(roots: Roots): Snapshot[] {
  if (!existsSync(directory(roots))) return [];
  return readdirSync(directory(roots))
    .filter((name) => !name.startsWith("."))
    .sort()
    .flatMap((name) => readSnapshot(roots, name) ?? []);
}

/** A snapshot by name; an error when there is none. */
export function requireSnapshot(roots: Roots, name: string): Snapshot {
  const found = isName(name) ? readSnapshot(roots, name) : undefined;
  if (found) return found;
  const known = listSnapshots(roots).map((one) => one.name);
  throw new GantryError("no-such-snapshot", `there is no snapshot ${name}`, {
    hint: known.length > 0 ? `there are: ${known.join(", ")}` : "`gantry snapshot save NAME` makes one",
  });
}

/** Keeps copies of directories, by key of their volume. It appears whole or not at all, whatever is killed. */
export async function saveSnapshot(
  roots: Roots,
  about: { readonly name: string; readonly project: string; readonly replace: boolean },
  sources: ReadonlyMap<string, string>,
  confirm: () => void,
): Promise<Snapshot> {
  checkName(about.name);
  await sweepSnapshots(roots);
  const place = join(directory(roots), about.name);
  if (existsSync(place) && !about.replace) throw exists(about.name);
  const { name, project } = about;
  const snapshot: Snapshot = { name, project, created: Date.now(), volumes: [...sources.keys()] };
  const incoming = join(directory(roots), ownedName("incoming"));
  mkdirSync(incoming, { recursive: true, mode: 0o700 });
  try {
    for (const [index, source] of [...sources.values()].entries())
      await copyTree(source, join(incoming, String(index)));
    writeFileSync(join(incoming, "snapshot.json"), `${JSON.stringify({ version: 1, ...snapshot })}\n`);
    confirm();
    if (about.replace) await removeSnapshot(roots, name);
    renameSync(incoming, place);
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
  return snapshot;
}

/** Removes a snapshot: out of sight at once, then from the disk. */
export async function removeSnapshot(roots: Roots, name: string): Promise<void> {
  const place = join(directory(roots), name);
  if (!existsSync(place)) return;
  const removed = join(directory(roots), ownedName("removed"));
  renameSync(place, removed);
  await rm(removed, { recursive: true, force: true });
}

/** Removes what killed commands left half made or half removed. */
async function sweepSnapshots(roots: Roots): Promise<void> {
  const entries = existsSync(directory(roots)) ? readdirSync(directory(roots)) : [];
  for (const name of entries.filter(isAbandoned)) {
    await rm(join(directory(roots), name), { recursive: true, force: true });
  }
}

function readSnapshot(roots: Roots, name: string): Snapshot | undefined {
  const text = readIfPresent(join(directory(roots), name, "snapshot.json"));
  if (text === undefined) return undefined;
  const { version, ...snapshot } = JSON.parse(text) as Snapshot & { readonly version: number };
  if (version === 1) return snapshot;
  throw new GantryError("record-version", `snapshot ${name} has version ${version}; this gantry knows 1`, {
    hint: "it was made by a later gantry: use that one",
  });
}

const isName = (name: string) => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name);

function checkName(name: string): void {
  if (isName(name)) return;
  throw new GantryError("invalid-snapshot-name", `"${name}" cannot be the name of a snapshot`, {
    hint: "use letters, digits, _, . and -, beginning with a letter or digit",
  });
}

const exists = (name: string) =>
  new GantryError("snapshot-exists", `there is a snapshot ${name} already`, {
    hint: `--replace takes its place, \`gantry snapshot rm ${name}\` removes it`,
  });
