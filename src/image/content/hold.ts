import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../../lib/process-identity.ts";
import type { Image } from "../contract.ts";
import type { ImageCatalog } from "../store.ts";

/**
 * Blobs and layers one piece of work relies on before an image refers to them: nobody collects these. A hold must be
 * taken before looking whether the thing is there, since the collector decides within a transaction.
 */
export class Hold {
  readonly #database: Database;
  readonly #owner: ProcessIdentity;
  readonly #session = randomUUID();

  constructor(database: Database) {
    this.#database = database;
    this.#owner = ownIdentity();
  }

  keep(kind: "blob" | "layer", key: string): void {
    const sql = "INSERT OR IGNORE INTO holds (session, kind, key, pid, start_time) VALUES (?, ?, ?, ?, ?)";
    this.#database.run(sql, this.#session, kind, key, this.#owner.pid, this.#owner.startTime);
  }

  /** Lets go of everything. Should the disk be too full even for that, it happens once this process is dead. */
  [Symbol.dispose](): void {
    try {
      this.#database.run("DELETE FROM holds WHERE session = ?", this.#session);
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
    }
  }
}

/**
 * Keeps the layers of images until this process ends: whoever makes containers does so until their records name the
 * layers. An image that is removed at this very moment is an error.
 */
export function holdImages({ database }: Pick<ImageCatalog, "database">, images: readonly Image[]): void {
  dropDeadHolds(database);
  const directories = new Set(images.flatMap(({ layerDirectories }) => layerDirectories));
  database.transaction(() => {
    const hold = new Hold(database);
    for (const directory of directories) hold.keep("layer", `sha256:${basename(directory)}`);
  });
  const gone = [...directories].find((directory) => !existsSync(directory));
  if (gone === undefined) return;
  throw new GantryError("image-missing", "an image was removed while it was about to be used", {
    hint: "Run the command again: it fetches what is missing.",
  });
}

type HoldRow = { readonly session: string; readonly pid: number; readonly start_time: number };

/** Forgets the holds of processes that were killed. */
export function dropDeadHolds(database: Database): void {
  const rows = database.all<HoldRow>("SELECT DISTINCT session, pid, start_time FROM holds");
  for (const { session, pid, start_time: startTime } of rows) {
    if (!isAlive({ pid, startTime })) database.run("DELETE FROM holds WHERE session = ?", session);
  }
}
