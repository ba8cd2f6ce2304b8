import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { hostState, leftoversOf } from "../../support/leftovers.ts";
import { until } from "../../support/until.ts";

const project = resolve(import.meta.dirname, "../../..");

it("npm run demo brings the guestbook up, keeps an entry over down and up, and --down stops it", async () => {
  const root = mkdtempSync("/var/lib/gantry-demo-test-");
  const before = hostState("guestbook");
  const environment = { ...process.env, GANTRY_ROOT: root, GUESTBOOK_PORT: "28080" };
  const demo = (...args: string[]) =>
    spawnSync("npm", ["run", "--silent", "demo", "--", ...args], {
      cwd: project,
      env: environment,
      encoding: "utf8",
    });
  try {
    const shown = demo();
    expect(shown.status, shown.stdout + shown.stderr).toBe(0);
    expect(shown.stdout).toMatch(/Ready in \d+ ms/);
    expect(shown.stdout).toContain("the entry is still there");
    const page = spawnSync("curl", ["-fsS", "http://127.0.0.1:28080/"], { encoding: "utf8" });
    expect(page.stdout).toContain("Set down by the crane");
    expect(demo("--down").status).toBe(0);
    const left = () => leftoversOf(root, "guestbook", before);
    await until("nothing is left", () => left().length === 0, 5).catch(() => undefined);
    expect(left()).toEqual([]);
  } finally {
    demo("--down");
    rmSync(root, { recursive: true, force: true });
  }
}, 600_000);
