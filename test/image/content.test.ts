import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dropDeadHolds, Hold } from "../../src/image/content/hold.ts";
import { type Database, openDatabase } from "../../src/lib/database.ts";
import { isAbandoned, isOwnedName, ownedName } from "../../src/lib/owned-name.ts";

describe("a name that tells its owner", () => {
  it("is not abandoned while we live", () => {
    const name = ownedName("incoming");
    expect(name).toMatch(/^\.incoming-\d+-\d+-[0-9a-f]{12}$/);
    expect([isOwnedName(name), isAbandoned(name)]).toEqual([true, false]);
    expect(ownedName("incoming")).not.toBe(name);
  });

  it("is abandoned when its process is gone, or its pid is another's", () => {
    expect(isAbandoned(`.incoming-${process.pid}-1-abcdef`)).toBe(true);
    expect(isAbandoned(".removed-4194999-5-abcdef")).toBe(true);
  });

  it.each(["a".repeat(64), ".incoming", ".incoming-x-y-z", ".incoming-1-2-", "..", ".other-1-2-ab"])(
    "%s is none",
    (name) => {
      expect([isOwnedName(name), isAbandoned(name)]).toEqual([false, false]);
    },
  );
});

describe("holds", () => {
  let root: string;
  let database: Database;
  const held = () =>
    database.all<{ key: string }>("SELECT key FROM holds ORDER BY key").map((row) => row.key);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "gantry-hold-"));
    database = openDatabase({ data: root, run: root });
  });
  afterEach(() => {
    database.close();
    rmSync(root, { recursive: true });
  });

  it("last until they are let go of, each on its own", () => {
    const first = new Hold(database);
    {
      using second = new Hold(database);
      first.keep("blob", "sha256:1");
      first.keep("blob", "sha256:1");
      second.keep("blob", "sha256:1");
      second.keep("layer", "sha256:2");
      expect(held()).toEqual(["sha256:1", "sha256:1", "sha256:2"]);
    }
    expect(held()).toEqual(["sha256:1"]);
    dropDeadHolds(database);
    expect(held()).toEqual(["sha256:1"]);
    first[Symbol.dispose]();
    expect(held()).toEqual([]);
  });

  it("of a dead process are dropped", () => {
    database.run("INSERT INTO holds VALUES ('session', 'blob', 'sha256:3', ?, 1)", process.pid);
    dropDeadHolds(database);
    expect(held()).toEqual([]);
  });
});
