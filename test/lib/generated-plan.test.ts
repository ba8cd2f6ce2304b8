import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the files generated from the launch plan schema are not stale", () => {
  const directory = mkdtempSync(join(tmpdir(), "gantry-generated-"));
  try {
    execFileSync(process.execPath, [join(root, "scripts/generate-plan.mjs"), directory]);
    for (const path of ["src/lib/launch-plan/ops.generated.ts", "native/plan_ops.h", "native/plan_ops.c"]) {
      expect(readFileSync(join(root, path), "utf8"), path).toBe(readFileSync(join(directory, path), "utf8"));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
