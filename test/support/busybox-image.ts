import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A root file system of Debian's busybox-static, as a tar archive; some files belong to `user`. */
export function busyboxArchive(user = 1000): Buffer {
  const root = mkdtempSync(join(tmpdir(), "gantry-busybox-"));
  try {
    for (const directory of ["bin", "etc", "tmp", "root", "seed/inner"])
      mkdirSync(join(root, directory), { recursive: true });
    copyFileSync("/bin/busybox", join(root, "bin/busybox"));
    for (const applet of applets()) symlinkSync("busybox", join(root, "bin", applet));
    writeFileSync(
      join(root, "etc/passwd"),
      "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000:Ada:/tmp:/bin/sh\n",
    );
    writeFileSync(join(root, "etc/group"), "root:x:0:\nada:x:1000:\ncrew:x:2000:ada\n");
    writeFileSync(join(root, "seed/inner/file"), "from the image\n");
    execFileSync("chown", ["-R", `${user}:${user}`, join(root, "seed")]);
    return execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 64 * 1024 * 1024 });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function applets(): string[] {
  const list = execFileSync("/bin/busybox", ["--list"], { encoding: "utf8" });
  return list.split("\n").filter((name) => name !== "" && name !== "busybox");
}
