import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/lib/database.ts";

let root: string;
const roots = () => ({ data: root, run: join(root, "run") });
const insertLease = "INSERT INTO leases (kind, key, owner, created) VALUES ('test', ?, 'shop', 0)";
const countLeases = "SELECT count(*) AS count FROM leases";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gantry-database-"));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("the database", () => {
  it("is created on first use and keeps what was written", () => {
    {
      using database = openDatabase(roots());
      expect(database.run(insertLease, "1")).toBe(1);
    }
    using again = openDatabase(roots());
    expect(again.get<{ key: string }>("SELECT key FROM leases")?.key).toBe("1");
    expect(again.all(countLeases)).toHaveLength(1);
  });

  it("undoes a transaction that throws, and goes on working", () => {
    using database = openDatabase(roots());
    const attempt = () =>
      database.transaction(() => {
        database.run(insertLease, "1");
        throw new Error("changed my mind");
      });
    expect(attempt).toThrow("changed my mind");
    expect(database.get(countLeases)).toMatchObject({ count: 0 });
    database.durableTransaction(() => database.run(insertLease, "2"));
    expect(database.get(countLeases)).toMatchObject({ count: 1 });
  });

  it("enforces references between tables", () => {
    using database = openDatabase(roots());
    expect(() => database.run("INSERT INTO image_references VALUES ('x', 'sha256:none', 0)")).toThrow(
      /FOREIGN KEY/,
    );
  });

  it("refuses a schema version it does not know", () => {
    openDatabase(roots()).close();
    const raw = new DatabaseSync(join(root, "gantry.db"));
    raw.exec("PRAGMA user_version = 999");
    raw.close();
    expect(() => openDatabase(roots())).toThrow(
      expect.objectContaining({ code: "database-version", message: expect.stringContaining("999") }),
    );
  });

  it("says so when the file is not a database", () => {
    writeFileSync(join(root, "gantry.db"), "these are not the bytes you are looking for".repeat(100));
    expect(() => openDatabase(roots())).toThrow(expect.objectContaining({ code: "database-damaged" }));
  });

  it("says so when another process keeps it locked past the timeout", () => {
    using first = openDatabase(roots());
    using second = openDatabase(roots(), 1);
    first.transaction(() => {
      expect(() => second.run(insertLease, "1")).toThrow(expect.objectContaining({ code: "database-busy" }));
    });
  });
});
