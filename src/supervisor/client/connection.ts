import type { Socket } from "node:net";
import { GantryError } from "../../lib/diagnostic.ts";
import { readLines } from "../line-stream.ts";
import { SUPERVISOR_LOST } from "../lost.ts";
import {
  type ContainerEvent,
  type Message,
  type Methods,
  PROTOCOL_VERSION,
  type ProgressEvent,
} from "../protocol.ts";

export type EventListener = (event: ProgressEvent | ContainerEvent) => void;

type Pending = {
  readonly onEvent: EventListener;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
};

/** One connection to a supervisor. Any number of calls may be under way on it. */
export class Connection {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** Resolves when the connection has ended, from whichever side. */
  readonly closed: Promise<void>;

  constructor(socket: Socket) {
    this.#socket = socket;
    readLines(socket, (line) => this.#receive(JSON.parse(line) as Message));
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) =>
      socket.once("close", () => {
        for (const { reject } of this.#pending.values()) reject(supervisorLost());
        this.#pending.clear();
        resolve();
      }),
    );
  }

  /** Calls a method; events that belong to it go to `onEvent` until the promise settles. */
  call<Name extends keyof Methods>(
    method: Name,
    params: Methods[Name]["params"],
    onEvent: EventListener = () => undefined,
  ): Promise<Methods[Name]["result"]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(supervisorLost());
      this.#pending.set(id, { onEvent, resolve: resolve as (result: unknown) => void, reject });
      this.#socket.write(`${JSON.stringify({ version: PROTOCOL_VERSION, id, method, params })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(message: Message): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if ("event" in message) {
      pending.onEvent(message.event);
      return;
    }
    this.#pending.delete(message.id);
    if ("result" in message) pending.resolve(message.result);
    else pending.reject(toError(message.error));
  }
}

function toError({ code, message, ...rest }: Extract<Message, { error: unknown }>["error"]): GantryError {
  return new GantryError(code, message, rest);
}

function supervisorLost(): GantryError {
  return new GantryError(SUPERVISOR_LOST, "the project's supervisor ended before it answered", {
    hint: "run the command again: it picks up what was left",
  });
}
