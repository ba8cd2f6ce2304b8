import type { Socket } from "node:net";
import { connectUnix } from "../../lib/unix-socket.ts";

export type MonitorExit = { readonly code: number; readonly signal: number; readonly oom: boolean };

/** Hears what the program writes. */
export type OutputListener = (stream: "stdout" | "stderr", bytes: Uint8Array) => void;

const HEADER = 5;
const LARGEST_PAYLOAD = 65_536;
const ATTACH_OUTPUT = 1;
const ATTACH_INPUT = 2;
const ATTACH_LOSSLESS = 4;

/** A connection to a container's monitor (docs/launch-plan.md). */
export class MonitorClient {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #hear: OutputListener = () => undefined;
  #greet: (pid: number) => void = () => undefined;
  #end: (exit: MonitorExit | undefined) => void = () => undefined;
  /** The program's pid. */
  readonly pid: Promise<number>;
  /** How the program ended; undefined when the monitor went without saying so. */
  readonly ended: Promise<MonitorExit | undefined>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.pid = new Promise((resolve) => {
      this.#greet = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => this.#end(undefined));
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  static async connect(path: string): Promise<MonitorClient> {
    return new MonitorClient(await connectUnix(path));
  }

  signal(number: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(number);
    this.#send("S", payload);
  }

  /**
   * Joins the program's streams. The program waits when this side is slow to read: nothing is lost. With `stdin`,
   * `input` and `closeInput` reach it.
   */
  attach(onOutput: OutputListener, { stdin }: { readonly stdin: boolean }): void {
    this.#hear = onOutput;
    this.#send("A", Buffer.of(ATTACH_OUTPUT | ATTACH_LOSSLESS | (stdin ? ATTACH_INPUT : 0)));
  }

  input(bytes: Uint8Array): void {
    for (let sent = 0; sent < bytes.length; sent += LARGEST_PAYLOAD) {
      this.#send("I", bytes.subarray(sent, sent + LARGEST_PAYLOAD));
    }
  }

  closeInput(): void {
    this.#send("C", Buffer.alloc(0));
  }

  /** Sets the size of the program's terminal. */
  resize(rows: number, columns: number): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt16LE(rows, 0);
    payload.writeUInt16LE(columns, 2);
    this.#send("W", payload);
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(type: string, payload: Uint8Array): void {
    if (this.#socket.destroyed) return;
    const header = Buffer.alloc(HEADER);
    header.write(type, 0, "latin1");
    header.writeUInt32LE(payload.length, 1);
    this.#socket.write(Buffer.concat([header, payload]));
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= HEADER) {
      const length = this.#received.readUInt32LE(1);
      if (this.#received.length < HEADER + length) return;
      const type = String.fromCharCode(this.#received[0]!);
      this.#receive(type, this.#received.subarray(HEADER, HEADER + length));
      this.#received = this.#received.subarray(HEADER + length);
    }
  }

  #receive(type: string, payload: Buffer): void {
    if (type === "R") this.#greet(payload.readUInt32LE(0));
    if (type === "O") this.#hear("stdout", payload);
    if (type === "E") this.#hear("stderr", payload);
    if (type !== "X") return;
    this.#end({
      code: payload.readInt32LE(0),
      signal: payload.readInt32LE(4),
      oom: payload.readUInt32LE(8) !== 0,
    });
  }
}
