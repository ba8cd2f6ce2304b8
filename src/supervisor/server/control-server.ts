import { rmSync } from "node:fs";
import { chmod, rename } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { GantryError } from "../../lib/diagnostic.ts";
import { listenUnix } from "../../lib/unix-socket.ts";
import { readLines } from "../line-stream.ts";
import {
  type ContainerEvent,
  type Message,
  PROTOCOL_VERSION,
  type ProgressEvent,
  type Request,
} from "../protocol.ts";

/** A request to answer: `emit` streams events to its client; `signal` aborts when the client has gone. */
export type Call = {
  readonly method: string;
  readonly params: unknown;
  readonly emit: (event: ProgressEvent | ContainerEvent) => void;
  readonly signal: AbortSignal;
};

type Handle = (call: Call) => Promise<unknown>;

/** The control socket: newline-delimited JSON, any number of clients, any number of requests of each. */
export class ControlServer {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #path: string;
  readonly #onClientsChange: (clients: number) => void;

  constructor(path: string, handle: Handle, onClientsChange: (clients: number) => void) {
    this.#path = path;
    this.#onClientsChange = onClientsChange;
    this.#server = createServer((socket) => this.#accept(socket, handle));
  }

  /**
   * Listens, and only then gives the socket its name: whoever finds the name can connect. A name left by a supervisor
   * that was killed is replaced.
   */
  async listen(): Promise<void> {
    const fresh = `${this.#path}.${process.pid}`;
    await listenUnix(this.#server, fresh);
    await chmod(fresh, 0o600);
    await rename(fresh, this.#path);
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Takes the name away, so that nobody new finds this supervisor. */
  unlink(): void {
    rmSync(this.#path, { force: true });
  }

  /** Ends every connection once what was written has gone out. */
  async close(): Promise<void> {
    this.#server.close();
    await Promise.all(
      [...this.#clients].map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.once("close", () => resolve());
            socket.end(() => socket.destroy());
          }),
      ),
    );
  }

  #accept(socket: Socket, handle: Handle): void {
    const gone = new AbortController();
    this.#clients.add(socket);
    this.#onClientsChange(this.#clients.size);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      gone.abort();
      this.#clients.delete(socket);
      this.#onClientsChange(this.#clients.size);
    });
    readLines(socket, (line) => void answer(socket, line, handle, gone.signal));
  }
}

async function answer(socket: Socket, line: string, handle: Handle, signal: AbortSignal): Promise<void> {
  const send = (message: Message) => {
    if (socket.destroyed) return;
    // What is said in one go of the event loop leaves in one write.
    if (socket.writableCorked === 0) {
      socket.cork();
      setImmediate(() => socket.uncork());
    }
    socket.write(`${JSON.stringify(message)}\n`);
  };
  let id = 0;
  try {
    const request = parseRequest(line);
    id = request.id;
    const emit = (event: ProgressEvent | ContainerEvent) => send({ id, event });
    const result = await handle({ method: request.method, params: request.params, emit, signal });
    send({ id, result });
  } catch (error) {
    send({ id, error: errorMessage(error) });
  }
}

function parseRequest(line: string): Request {
  const request = JSON.parse(line) as Request;
  if (request.version === PROTOCOL_VERSION) return request;
  throw new GantryError(
    "protocol-version",
    `the project's supervisor speaks version ${PROTOCOL_VERSION}, the command ${request.version}`,
    { hint: "it was started by another version of gantry: take the project down with that one" },
  );
}

function errorMessage(error: unknown): Extract<Message, { error: unknown }>["error"] {
  if (error instanceof GantryError) {
    const { code, message, hint, details, exitCode, failures } = error;
    return { code, message, hint, details, exitCode, failures };
  }
  // A fault of ours: the supervisor's log gets the stack, the user a sentence.
  console.error(error);
  return {
    code: "internal",
    message: `the supervisor failed: ${(error as Error)?.message ?? String(error)}`,
  };
}
