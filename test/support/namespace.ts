import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { until } from "./until.ts";

const OWN = readlinkSync("/proc/self/ns/net");

/** A network namespace of the test's own, with mounts of its own; it goes with the process that holds it. */
export class Namespace implements Disposable {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async create(): Promise<Namespace> {
    const holder = spawn("unshare", ["--net", "--mount", "sleep", "1000"], { stdio: "ignore" });
    await until("the namespace is made", () => readlinkSync(`/proc/${holder.pid}/ns/net`) !== OWN, 10);
    const made = new Namespace(holder);
    made.run("ip link set lo up");
    return made;
  }

  get pid(): number {
    return this.#holder.pid!;
  }

  /** Runs a line of shell in it. */
  run(line: string): string {
    return execFileSync("nsenter", [...this.entering, "sh", "-ec", line], { encoding: "utf8" });
  }

  /** Arguments of nsenter(1) to be in it. */
  get entering(): string[] {
    return ["-t", String(this.pid), "-n", "-m"];
  }

  /** Whether a ping is answered; busybox says 1 when it is not, and anything else is a fault of the test. */
  reaches(address: string): boolean {
    const args = [...this.entering, "busybox", "ping", "-c", "1", "-W", "1", address];
    const { status, stderr } = spawnSync("nsenter", args, { encoding: "utf8" });
    if (status === 0 || (status === 1 && stderr === "")) return status === 0;
    if (stderr.includes("unreachable")) return false;
    throw new Error(`ping ${address}: ${stderr}`);
  }

  end(): void {
    this.#holder.kill("SIGKILL");
  }

  [Symbol.dispose](): void {
    this.end();
  }
}
