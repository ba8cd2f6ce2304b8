import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { SCHEMA_STEPS } from "./database-schema.ts";
import { GantryError } from "./diagnostic.ts";
import type { Roots } from "./paths.ts";

/** What a column holds. JSON documents are text. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/**
 * gantry.db: the one SQLite database of images, volumes, shared networks and leases (docs/on-disk.md); the tables and
 * their owners are in database-schema.ts. Several processes read and write it at once, and any of them may be killed:
 * whatever belongs together goes through `transaction`.
 *
 * A row's type is the caller's word, like a cast: name columns in the SELECT and give exactly these.
 */
export class Database {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, connection: DatabaseSync) {
    this.path = path;
    this.#connection = connection;
  }

  /** All rows of a query. */
  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#guard(() => this.#prepare(sql).all(...values) as Row[]);
  }

  /** The first row of a query. */
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values) as Row | undefined);
  }

  /** Executes a statement; returns how many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...values).changes));
  }

  /**
   * Runs `work` as one unit that no other writer interleaves; it is undone when `work` throws. `work` is synchronous,
   * so that nobody waits for a transaction held open over an await.
   */
  transaction<Result>(work: () => Result): Result {
    this.#guard(() => this.#connection.exec("BEGIN IMMEDIATE"));
    try {
      const result = work();
      this.#guard(() => this.#connection.exec("COMMIT"));
      return result;
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec("ROLLBACK");
      throw error;
    }
  }

  /** A transaction that has reached the disk when it returns: for what files will be removed or relied on after. */
  durableTransaction<Result>(work: () => Result): Result {
    this.#connection.exec("PRAGMA synchronous = FULL");
    try {
      return this.transaction(work);
    } finally {
      this.#connection.exec("PRAGMA synchronous = NORMAL");
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw explainDatabaseError(this.path, error);
    }
  }
}

/**
 * Opens (and creates) the database below the data root. `busyTimeout` is how many milliseconds a writer waits for
 * another one.
 */
export function openDatabase(roots: Roots, busyTimeout = 10_000): Database {
  const path = join(roots.data, "gantry.db");
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    return new Database(path, openConnection(path, busyTimeout));
  } catch (error) {
    throw explainDatabaseError(path, error);
  }
}

function openConnection(path: string, busyTimeout: number): DatabaseSync {
  const connection = new (loadSqlite().DatabaseSync)(path, { timeout: busyTimeout });
  try {
    // WAL commits survive a killed process at NORMAL; only a power failure can lose the last ones.
    connection.exec("PRAGMA synchronous = NORMAL");
    bringUpToDate(path, connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Makes the steps of the schema that are missing; a database from a later gantry is refused, not guessed at. */
function bringUpToDate(path: string, connection: DatabaseSync): void {
  const known = SCHEMA_STEPS.length;
  if (schemaVersion(connection) === known) return;
  enterWriteAheadLog(connection);
  connection.exec("BEGIN IMMEDIATE");
  const found = schemaVersion(connection);
  if (found > known) {
    throw new GantryError(
      "database-version",
      `${path} has schema version ${found}; this gantry knows ${known}`,
      {
        hint: "It was written by a later gantry: use that one, or choose another root with --root.",
      },
    );
  }
  for (const step of SCHEMA_STEPS.slice(found)) connection.exec(step);
  connection.exec(`PRAGMA user_version = ${known}; COMMIT`);
}

function schemaVersion(connection: DatabaseSync): number {
  const row = connection.prepare("PRAGMA user_version").get() as { user_version: number };
  return row.user_version;
}

/** The journal mode is kept in the file. SQLite does not wait for others when it changes, so a race is tried again. */
function enterWriteAheadLog(connection: DatabaseSync): void {
  for (let attempt = 1; ; attempt++) {
    try {
      connection.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (sqliteCode(error) !== SQLITE_BUSY || attempt === 1000) throw error;
      // Whoever is changing it holds a lock that this transaction waits for, with the busy timeout.
      connection.exec("BEGIN IMMEDIATE; ROLLBACK");
    }
  }
}

type Sqlite = typeof import("node:sqlite");
let sqlite: Sqlite | undefined;

/**
 * node:sqlite, loaded when first needed: commands that read no database, and the start-up snapshot, go without.
 * Older Node versions warn that it is experimental; that is our decision to have made, not news for a user.
 */
function loadSqlite(): Sqlite {
  if (sqlite) return sqlite;
  const emitWarning = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    sqlite = process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
  return sqlite;
}

// Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

const EXPLANATIONS: Readonly<Record<number, readonly [code: string, problem: string, hint: string]>> = {
  [SQLITE_BUSY]: [
    "database-busy",
    "another gantry kept it locked",
    "Try again when the other command is done.",
  ],
  [SQLITE_READONLY]: ["database-unwritable", "it cannot be written", "Check its owner and permissions."],
  [SQLITE_CANTOPEN]: [
    "database-unwritable",
    "it cannot be opened",
    "Check the owner and permissions of its directory.",
  ],
  [SQLITE_FULL]: ["disk-full", "the disk is full", "Free some space and try again."],
  [SQLITE_CORRUPT]: ["database-damaged", "it is damaged", "Move it away: images have to be loaded again."],
  [SQLITE_NOTADB]: [
    "database-damaged",
    "it is not a database",
    "Move it away: images have to be loaded again.",
  ],
};

/** Turns the conditions a user can meet into a GantryError; a mistake in our SQL stays what it is. */
function explainDatabaseError(path: string, error: unknown): unknown {
  const explanation = EXPLANATIONS[sqliteCode(error)];
  if (!explanation) return error;
  const [code, problem, hint] = explanation;
  return new GantryError(code, `database ${path}: ${problem}`, { hint, cause: error });
}

/** The primary result code, 0 when the error is not SQLite's. */
function sqliteCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : 0;
}
