import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Workspace, workspace } from "./support/rootfs.ts";

const native = fileURLToPath(new URL("../../native", import.meta.url));
const fixture = fileURLToPath(new URL("fixtures/overlay-by-options.c", import.meta.url));

let place: Workspace;
let program: string;
beforeAll(() => {
  place = workspace();
  program = join(place.path, "overlay-by-options");
  const sources = ["mount_overlay_options.c", "failure.c", "errno_name.c"].map((name) => join(native, name));
  execFileSync("gcc", ["-std=gnu11", "-D_GNU_SOURCE", `-I${native}`, "-o", program, fixture, ...sources]);
  for (const name of ["target", "upper", "work"]) mkdirSync(join(place.path, name));
});
afterAll(() => place[Symbol.dispose]());

test("an older kernel gets as many layers as overlayfs can stack", () => {
  const lower = Array.from({ length: 499 }, (_, index) => {
    const path = join(place.path, `layer,with:commas-${index}`);
    mkdirSync(path);
    writeFileSync(join(path, "who"), `${index}\n`);
    writeFileSync(join(path, `only-${index}`), "");
    return path;
  });
  const [target, upper, work] = ["target", "upper", "work"].map((name) => join(place.path, name));
  const output = execFileSync(program, [target!, upper!, work!, ...lower], { encoding: "utf8" });
  expect(output).toBe("0\n500\n");
  expect(readFileSync(join(upper!, "written"), "utf8")).toBe("new\n");
});

test("a layer that is missing is named", () => {
  const result = () =>
    execFileSync(program, [join(place.path, "target"), "", "", "/no/layer"], {
      encoding: "utf8",
      stdio: "pipe",
    });
  expect(result).toThrow(
    expect.objectContaining({
      stdout: "failed overlay ENOENT 2 /no/layer: opening a directory of the overlay\n",
    }),
  );
});
