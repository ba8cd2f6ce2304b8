import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { encodePlanHeader, STREAM_COUNT } from "../../lib/launch-plan/index.ts";
import { TreeEncoder, type TreeOp } from "./tree-encoder.ts";
import { explainTreeFailure } from "./tree-failure.ts";

const ENOUGH_TO_SEND = 128 * 1024;
/** Content from this size on is sent as it is; less is cheaper to copy. */
const LARGE_CONTENT = 16 * 1024;

/** A running `gantry-shim tree`, which carries out file-tree operations beneath one directory. */
export class TreeProcess {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #encoder = new TreeEncoder();
  readonly #status: Promise<string>;
  readonly #exit: Promise<unknown>;
  readonly #explain: (status: string, signal: string | null) => Error;
  #ended = false;

  /** Starts the helper, or takes one over that reads its standard input; `explain` makes an error of its status line. */
  constructor(
    helper: string | ChildProcess,
    explain: (status: string, signal: string | null) => Error = explainTreeFailure,
  ) {
    this.#explain = explain;
    this.#child =
      typeof helper === "string" ? spawn(helper, ["tree"], { stdio: ["pipe", "pipe", "inherit"] }) : helper;
    this.#input = this.#child.stdin!;
    // A helper that gives up closes its input; why it did is in its status line.
    this.#input.on("error", () => undefined);
    this.#exit = once(this.#child, "close");
    this.#status = Promise.all([readText(this.#child.stdout!), this.#exit]).then(([line]) => line.trim());
    this.#status.catch(() => undefined);
    this.#encoder.bytes(encodePlanHeader(STREAM_COUNT));
  }

  /** Queues an operation; `ready` must be awaited now and then. Strings are byte strings (latin1). */
  send(op: TreeOp): void {
    this.#encoder.operation(op);
  }

  /** Sends content of the file whose tree_file operation came last. */
  async content(chunk: Uint8Array): Promise<void> {
    if (chunk.length < LARGE_CONTENT) {
      this.#encoder.bytes(chunk);
      return this.ready();
    }
    this.#flush();
    await this.#write(chunk);
  }

  /** Waits until the helper has taken enough of what was sent, so that memory stays bounded. */
  async ready(): Promise<void> {
    if (this.#encoder.length >= ENOUGH_TO_SEND) await this.#write(this.#encoder.take());
  }

  /** Ends the stream and waits until everything is carried out. */
  async finish(): Promise<void> {
    this.#ended = true;
    this.#flush();
    this.#input.end();
    await this.#succeeded();
  }

  /** Stops the helper where it is, unless it has finished, and waits until it touches nothing any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.#child.kill("SIGKILL");
    await this.#exit.catch(() => undefined);
  }

  #flush(): void {
    if (this.#encoder.length > 0) this.#input.write(this.#encoder.take());
  }

  async #write(chunk: Uint8Array): Promise<void> {
    if (this.#input.write(chunk)) return;
    if (this.#input.destroyed) return this.#succeeded();
    await drainedOrClosed(this.#input);
    if (this.#input.destroyed) await this.#succeeded();
  }

  /** Throws what the helper complained about. */
  async #succeeded(): Promise<void> {
    const status = await this.#status;
    if (!status.startsWith("ok")) throw this.#explain(status, this.#child.signalCode);
  }
}

async function readText(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk as string;
  return text;
}

function drainedOrClosed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });
}
