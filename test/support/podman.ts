import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's podman, with a store of its own that goes with it. */
export class Podman {
  readonly #directory = mkdtempSync(join(tmpdir(), "gantry-podman-"));

  /** Runs podman; gives its output without the last line break. */
  run(...args: string[]): string {
    const places = ["--root", join(this.#directory, "root"), "--runroot", join(this.#directory, "run")];
    const all = [...places, "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", ...args];
    return execFileSync("podman", all, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trimEnd();
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
