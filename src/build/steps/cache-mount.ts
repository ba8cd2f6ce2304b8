import { createHash } from "node:crypto";
import { chmodSync, chownSync, existsSync, renameSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { tryProcessLock, withProcessLock } from "../../lib/process-lock.ts";
import type { RunInstruction } from "../dockerfile/instruction.ts";
import type { RunMount } from "../dockerfile/mount.ts";
import { copyOfTree } from "../engine/layer-tree.ts";
import type { StageRun } from "../engine/stage-run.ts";

type CacheMount = Extract<RunMount, { type: "cache" }>;

/** Where a cache mount is, and how its users keep out of each other's way. */
export type CachePlace = {
  readonly content: string;
  /** To be waited for. */
  readonly lock?: string;
  /** Held already, until the program has ended. */
  readonly held?: Disposable;
};

/** The directory of a cache mount; made on first use, with what `from=` says it begins with. */
export async function placeOfCache(
  run: StageRun,
  instruction: RunInstruction,
  mount: CacheMount,
  target: string,
): Promise<CachePlace> {
  const id = createHash("sha256")
    .update(mount.id ?? target)
    .digest("hex");
  const base = join(run.engine.services.store.roots.data, "build-caches", id);
  const { directory, held } = mount.sharing === "private" ? ownDirectory(base) : { directory: base };
  const content = await makeContent(run, instruction, mount, directory);
  // For pruning: what was used last goes last.
  const now = new Date();
  utimesSync(directory, now, now);
  return {
    content,
    ...(mount.sharing === "locked" ? { lock: lockOf(directory) } : {}),
    ...(held ? { held } : {}),
  };
}

const lockOf = (directory: string) => join(directory, "lock");

/** A directory that nobody else uses now: the first that is free, or one more. */
function ownDirectory(base: string): { readonly directory: string; readonly held: Disposable } {
  for (let count = 0; ; count++) {
    const directory = count === 0 ? base : `${base}-${count}`;
    const held = tryProcessLock(lockOf(directory));
    if (held) return { directory, held };
  }
}

async function makeContent(
  run: StageRun,
  instruction: RunInstruction,
  mount: CacheMount,
  directory: string,
): Promise<string> {
  const content = join(directory, "content");
  if (existsSync(content)) return content;
  return withProcessLock(join(directory, "making"), async () => {
    if (existsSync(content)) return content;
    const made =
      mount.from === undefined ? emptyDirectory(run, mount) : await filled(run, instruction, mount);
    renameSync(made, content);
    return content;
  });
}

function emptyDirectory(run: StageRun, { uid = 0, gid = 0, mode = 0o755 }: CacheMount): string {
  const made = join(run.engine.workspace.room("content").path, "content");
  chownSync(made, uid, gid);
  chmodSync(made, mode);
  return made;
}

function filled(run: StageRun, instruction: RunInstruction, { from, source }: CacheMount): Promise<string> {
  return run.surroundings.withSource(from, instruction, (tree) =>
    copyOfTree(run.engine, tree, source || "/"),
  );
}
