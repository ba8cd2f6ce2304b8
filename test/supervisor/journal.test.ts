import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { appendToJournal, readJournal } from "../../src/supervisor/journal.ts";

it("a journal gives back what was written, without a line cut short; a project that is gone has none", () => {
  const data = mkdtempSync(join(tmpdir(), "gantry-journal-"));
  const roots = { data, run: data };
  try {
    mkdirSync(join(data, "projects/shop"), { recursive: true });
    appendToJournal(roots, "shop", { action: "create", time: 1 });
    appendFileSync(join(data, "projects/shop/journal"), '{"action":"sta\n');
    appendToJournal(roots, "shop", { action: "die", time: 2 });
    expect(readJournal(roots, "shop").map(({ action }) => action)).toEqual(["create", "die"]);
    expect(readJournal(roots, "gone")).toEqual([]);
  } finally {
    rmSync(data, { recursive: true });
  }
});
