import type { ChildProcess } from "node:child_process";
import type { Stack } from "./stack.ts";
import { until } from "./until.ts";

/** A running `gantry watch` and what it has said. */
export class Watcher {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  said = "";

  constructor(stack: Stack, args: readonly string[] = ["watch"], environment: NodeJS.ProcessEnv = {}) {
    this.process = stack.spawn(args, environment);
    this.process.stdin!.end();
    for (const stream of [this.process.stdout!, this.process.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.said += text;
      });
    }
    this.ended = new Promise((resolve) => this.process.once("close", resolve));
  }

  /** Waits until it has said something. */
  async says(text: string | RegExp, seconds = 20): Promise<void> {
    const place = () => (typeof text === "string" ? this.said.indexOf(text) : this.said.search(text));
    const isSaid = () => place() >= 0 || this.process.exitCode !== null;
    await until(`watch says ${text}: ${this.said}`, isSaid, seconds);
    if (place() < 0) throw new Error(`watch ended without saying ${text}: ${this.said}`);
  }

  /** Forgets what was said so far. */
  forget(): void {
    this.said = "";
  }

  async end(): Promise<number | null> {
    this.process.kill("SIGINT");
    return this.ended;
  }
}
