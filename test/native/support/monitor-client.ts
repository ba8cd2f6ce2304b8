import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { MonitorOp } from "../../../src/lib/launch-plan/index.ts";
import { connectUnix } from "../../../src/lib/unix-socket.ts";

export const ATTACH = { output: 1, input: 2, lossless: 4 };

export type Exit = { readonly code: number; readonly signal: number; readonly oom: number };

/** A monitor operation whose files are all in one directory. */
export function monitorOp(directory: string, changes: Partial<MonitorOp> = {}): MonitorOp {
  return {
    op: "monitor",
    socketPath: join(directory, "monitor.sock"),
    statusPath: join(directory, "monitor"),
    exitPath: join(directory, "exit"),
    logPath: join(directory, "log"),
    logMaxSize: 0n,
    logMaxFiles: 1,
    stdin: 0,
    oomPath: "",
    oomKey: "",
    holdMs: 0,
    ...changes,
  };
}

/** A file of "key value" lines, as numbers. */
export function readRecord(path: string): Record<string, number> {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => line.split(" ") as [string, string]).map(([k, v]) => [k, Number(v)]),
  );
}

/** One connection to a monitor's control socket. */
export class MonitorClient {
  readonly socket: Socket;
  /** Everything received on the two outputs. */
  output = "";
  errorOutput = "";
  bytes = 0;
  pid: Promise<number>;
  exit: Promise<Exit>;
  closed: Promise<void>;
  #pending: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #waiting: { text: string; resolve: () => void }[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    let greeted: (pid: number) => void = () => {};
    let exited: (exit: Exit) => void = () => {};
    this.pid = new Promise((resolve) => {
      greeted = resolve;
    });
    this.exit = new Promise((resolve, reject) => {
      exited = resolve;
      socket.on("close", () => reject(new Error("the monitor closed the connection without an exit")));
    });
    this.exit.catch(() => {});
    this.closed = new Promise((resolve) => socket.on("close", () => resolve()));
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      this.#pending = Buffer.concat([this.#pending, data]);
      for (let frame = this.#takeFrame(); frame; frame = this.#takeFrame()) {
        this.#receive(frame, greeted, exited);
      }
    });
  }

  static async connect(path: string): Promise<MonitorClient> {
    return new MonitorClient(await connectUnix(path));
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  attach(flags: number): void {
    this.send("A", Uint8Array.of(flags));
  }

  signal(number: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(number);
    this.send("S", payload);
  }

  input(text: string): void {
    this.send("I", Buffer.from(text));
  }

  resize(rows: number, columns: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt16LE(rows, 0);
    payload.writeUInt16LE(columns, 2);
    this.send("W", payload);
  }

  send(type: string, payload: Uint8Array = new Uint8Array()): void {
    const header = Buffer.alloc(5);
    header.write(type, 0, "latin1");
    header.writeUInt32LE(payload.length, 1);
    this.socket.write(Buffer.concat([header, payload]));
  }

  /** Resolves once the standard output so far holds the text. */
  waitForOutput(text: string): Promise<void> {
    if (this.output.includes(text)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ text, resolve }));
  }

  #takeFrame(): { type: string; payload: Buffer } | undefined {
    if (this.#pending.length < 5) return undefined;
    const length = this.#pending.readUInt32LE(1);
    if (this.#pending.length < 5 + length) return undefined;
    const frame = {
      type: String.fromCharCode(this.#pending[0]!),
      payload: Buffer.from(this.#pending.subarray(5, 5 + length)),
    };
    this.#pending = this.#pending.subarray(5 + length);
    return frame;
  }

  #receive(
    { type, payload }: { type: string; payload: Buffer },
    greeted: (pid: number) => void,
    exited: (exit: Exit) => void,
  ): void {
    if (type === "R") greeted(payload.readUInt32LE(0));
    if (type === "X") {
      exited({ code: payload.readInt32LE(0), signal: payload.readInt32LE(4), oom: payload.readUInt32LE(8) });
    }
    if (type === "E") this.errorOutput += payload.toString("utf8");
    if (type === "O") {
      this.bytes += payload.length;
      if (this.output.length < 1_000_000) this.output += payload.toString("utf8");
      this.#waiting = this.#waiting.filter(({ text, resolve }) => {
        if (!this.output.includes(text)) return true;
        resolve();
        return false;
      });
    }
  }
}
