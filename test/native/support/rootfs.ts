import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory of this test alone, removed at its end. */
export type Workspace = { readonly path: string; [Symbol.dispose](): void };

export function workspace(): Workspace {
  const path = mkdtempSync(join(tmpdir(), "gantry-native-"));
  chmodSync(path, 0o755);
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A small root file system: busybox and the directories a container needs. */
export function makeRootfs(path: string): string {
  for (const directory of ["bin", "dev", "proc", "sys", "tmp", "etc", "root", "data", "home/app"]) {
    mkdirSync(join(path, directory), { recursive: true });
  }
  chmodSync(join(path, "tmp"), 0o1777);
  copyFileSync("/bin/busybox", join(path, "bin/busybox"));
  for (const applet of applets()) symlinkSync("busybox", join(path, "bin", applet));
  writeFileSync(join(path, "etc/passwd"), "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n");
  return path;
}

let appletList: readonly string[] | undefined;

function applets(): readonly string[] {
  appletList ??= execFileSync("/bin/busybox", ["--list"], { encoding: "utf8" })
    .split("\n")
    .filter((name) => name !== "" && name !== "busybox");
  return appletList;
}
