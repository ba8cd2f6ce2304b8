import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../../lib/database.ts";
import { volumeDirectory } from "../../../lib/paths.ts";
import { listVolumes, removeVolume } from "../../../project/index.ts";
import { confirm } from "../../confirm.ts";
import { collect } from "../../option-values.ts";
import { humanSize } from "../../render/byte-size.ts";
import type { Session } from "../../session.ts";
import { defineVerb } from "../../verb.ts";
import { passes } from "./filters.ts";
import { volumeUsers } from "./users.ts";

type Options = { readonly all?: boolean; readonly filter?: readonly string[]; readonly force?: boolean };

/** `gantry volume prune` */
export const volumePrune = defineVerb<Options>({
  name: "prune",
  summary: "Remove anonymous volumes that no container uses; with --all named ones too",
  refusesDryRun: true,
  declare: (command) =>
    command
      .option("-a, --all", "Named volumes too")
      .option("--filter <filter>", "Only volumes that pass (label=)", collect)
      .option("-f, --force", "Do not ask"),
  run: async (session, _operands, { all, filter = [], force }) => {
    const what = all ? "all volumes" : "all anonymous volumes";
    if (!force && !(await confirm(session, `This removes ${what} that no container uses`))) return 1;
    using database = openDatabase(session.roots);
    const users = volumeUsers(session);
    const named = listVolumes(database).filter(
      (volume) =>
        !users.has(volume.name) && (all || isAnonymous(volume.name)) && passes(volume, filter, false),
    );
    const abandoned =
      filter.length > 0
        ? []
        : abandonedVolumes(session, new Set(listVolumes(database).map(({ name }) => name)), users);
    let reclaimed = 0;
    const removed = [...named.map(({ name }) => name), ...abandoned];
    for (const name of removed) {
      reclaimed += sizeOf(volumeDirectory(session.roots, name));
      await removeVolume(session.roots, database, name);
    }
    if (removed.length > 0) session.stdout.write(`Deleted Volumes:\n${removed.join("\n")}\n\n`);
    session.stdout.write(`Total reclaimed space: ${humanSize(reclaimed)}\n`);
    return undefined;
  },
});

const isAnonymous = (name: string) => /^[0-9a-f]{64}$/.test(name);

/** Anonymous volumes of containers that are gone: they have a directory and no row. */
function abandonedVolumes(
  { roots }: Session,
  known: ReadonlySet<string>,
  users: ReadonlyMap<string, unknown>,
): string[] {
  return entries(join(roots.data, "volumes")).filter(
    (name) => isAnonymous(name) && !known.has(name) && !users.has(name),
  );
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function sizeOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
