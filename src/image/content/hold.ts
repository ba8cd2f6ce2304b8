import { randomUUID } from "node:crypto";
import type { Database } from "../../lib/database.ts";
import { GantryError } from "../../lib/diagnostic.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../../lib/process-identity.ts";

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

type HoldRow = { readonly session: string; readonly pid: number; readonly start_time: number };

/** Forgets the holds of processes that were killed. */
export function dropDeadHolds(database: Database): void {
  const rows = database.all<HoldRow>("SELECT DISTINCT session, pid, start_time FROM holds");
  for (const { session, pid, start_time: startTime } of rows) {
    if (!isAlive({ pid, startTime })) database.run("DELETE FROM holds WHERE session = ?", session);
  }
}
