import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withProcessLock } from "../../src/lib/process-lock.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gantry-lock-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("withProcessLock", () => {
  it("lets one work at a time", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withProcessLock(join(directory, "deep/lock"), work)));
    expect(most).toBe(1);
  });

  it("is given back when the work fails", async () => {
    const path = join(directory, "lock");
    await expect(withProcessLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withProcessLock(path, async () => "yes")).toBe("yes");
  });

  it("is given back when its holder is killed", async () => {
    const path = join(directory, "lock");
    const module = join(import.meta.dirname, "../../src/lib/process-lock.ts");
    const program = `import { withProcessLock } from ${JSON.stringify(module)};
      setInterval(() => {}, 1000);
      await withProcessLock(${JSON.stringify(path)}, () => { console.log("held"); return new Promise(() => {}); });`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    let taken = false;
    const waiting = withProcessLock(path, async () => {
      taken = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBe(false);
    holder.kill("SIGKILL");
    await waiting;
  });
});
