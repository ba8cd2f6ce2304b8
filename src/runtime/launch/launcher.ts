import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { helperPath } from "../../lib/helper-path.ts";
import { type HelperStatus, parseStatusLine } from "../../lib/helper-status.ts";
import { encodePlan, type Op } from "../../lib/launch-plan/index.ts";
import { launchFailure } from "./launch-failure.ts";

/**
 * Launches containers through one helper that stays (`gantry-shim launcher`): forking a Node process for each would
 * cost more than the container. The helper is started with the first container, and once more should it be killed.
 */
export class Launcher {
  #helper: LauncherProcess | undefined;

  /** Starts the helper ahead of the first launch. */
  prepare(): void {
    this.#open();
  }

  /** Launches a plan that has a monitor: resolves with the program's pid once it has been executed. */
  async launch(name: string, plan: readonly Op[]): Promise<number> {
    const outcome = await this.#open().launch(encodePlan(plan));
    if (outcome.ok) return Number(outcome.value);
    throw launchFailure(`container ${name}`, outcome);
  }

  /** Ends the helper; containers run on. */
  close(): void {
    this.#helper?.close();
  }

  #open(): LauncherProcess {
    if (!this.#helper?.isOpen) this.#helper = new LauncherProcess();
    return this.#helper;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

type Pending = {
  readonly resolve: (status: HelperStatus) => void;
  readonly reject: (error: Error) => void;
};

/** One helper, and what it has been asked (docs/launch-plan.md). */
class LauncherProcess {
  readonly #requests: Socket;
  readonly #pending = new Map<number, Pending>();
  #lastNumber = 0;
  #unfinishedLine = "";
  isOpen = true;

  constructor() {
    const child = spawn(helperPath(), ["launcher"], {
      stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
      detached: true,
    });
    this.#requests = child.stdio[3] as Socket;
    const answers = child.stdio[4] as Socket;
    answers.setEncoding("utf8").on("data", (text: string) => this.#receive(text));
    // A helper that is gone closes its answers; what it still said comes before that.
    answers.once("close", () => this.#end(parseStatusLine("")));
    child.once("error", (error) => this.#end(error));
    for (const socket of [this.#requests, answers]) socket.on("error", () => undefined);
    letGo(child, this.#requests, answers);
  }

  launch(plan: Buffer): Promise<HelperStatus> {
    const number = ++this.#lastNumber;
    const head = Buffer.alloc(8);
    head.writeUInt32LE(number, 0);
    head.writeUInt32LE(plan.length, 4);
    return new Promise((resolve, reject) => {
      this.#pending.set(number, { resolve, reject });
      this.#requests.write(Buffer.concat([head, plan]));
    });
  }

  close(): void {
    this.isOpen = false;
    this.#requests.end();
  }

  #receive(text: string): void {
    const lines = (this.#unfinishedLine + text).split("\n");
    this.#unfinishedLine = lines.pop()!;
    for (const line of lines) {
      const [number = ""] = line.split(" ", 1);
      // A process that was killed right after its answer is answered for once more.
      this.#pending.get(Number(number))?.resolve(parseStatusLine(line.slice(number.length + 1)));
      this.#pending.delete(Number(number));
    }
  }

  #end(outcome: HelperStatus | Error): void {
    this.isOpen = false;
    for (const { resolve, reject } of this.#pending.values()) {
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    }
    this.#pending.clear();
  }
}

/** An idle helper is no reason for this process to stay. */
function letGo(child: ChildProcess, ...sockets: readonly Socket[]): void {
  child.unref();
  for (const socket of sockets) socket.unref();
}
