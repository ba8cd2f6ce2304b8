import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { createInterface, type Interface } from "node:readline";
import { encodePlan, type Op } from "../../../src/lib/launch-plan/index.ts";
import { shimPath } from "./shim.ts";

/** `gantry-shim launcher`, asked by hand. */
export class LauncherByHand {
  readonly child: ChildProcess;
  readonly #answers: Interface;

  constructor() {
    this.child = spawn(shimPath, ["launcher"], {
      stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
      env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" },
    });
    this.#requests.on("error", () => {});
    this.#answers = createInterface({ input: this.child.stdio[4] as Socket });
  }

  /** Sends a request; `plan` may be any bytes. */
  ask(number: number, plan: readonly Op[] | Uint8Array): void {
    const bytes = plan instanceof Uint8Array ? plan : encodePlan(plan);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(number, 0);
    head.writeUInt32LE(bytes.length, 4);
    this.#requests.write(Buffer.concat([head, bytes]));
  }

  /** The next answers, in alphabetical order: which launch is done first is chance. */
  answers(count: number): Promise<string[]> {
    return new Promise((resolve) => {
      const lines: string[] = [];
      const take = (line: string) => {
        lines.push(line);
        if (lines.length < count) return;
        this.#answers.off("line", take);
        resolve(lines.sort());
      };
      this.#answers.on("line", take);
    });
  }

  /** Ends the requests; resolves to the exit code. */
  async end(): Promise<number | null> {
    const exited = once(this.child, "exit");
    this.#requests.end();
    return (await exited)[0];
  }

  [Symbol.dispose](): void {
    this.child.kill("SIGKILL");
  }

  get #requests(): Socket {
    return this.child.stdio[3] as Socket;
  }
}
