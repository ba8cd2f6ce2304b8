import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { GantryError } from "../../lib/diagnostic.ts";
import { encodePlan, type ForwardAddOp, type Op } from "../../lib/launch-plan/index.ts";
import { connectUnix } from "../../lib/unix-socket.ts";
import { helperAnswer } from "../helper/helper-failure.ts";

/** A listener that the keeper relays to a target; see `forward_add` in schemas/launch-plan.json. */
export type Forward = Omit<ForwardAddOp, "op">;

type Waiting = { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void };

/**
 * Speaks to a project's keeper over its control socket. Requests are answered in order, so several may be under way.
 * A lost connection (the keeper was started again) is made anew by the next request.
 */
export class KeeperClient {
  readonly #socketPath: string;
  #connection: Promise<Socket> | undefined;
  #waiting: Waiting[] = [];

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Listens and relays; gives the bound port. A failure is a HelperFailure with the kernel's errno. */
  async addForward(forward: Forward): Promise<number> {
    const result = await this.#request({ op: "forward_add", ...forward });
    return result === "" ? forward.listenPort : Number(result);
  }

  /** Stops a forward and drops its connections; one that does not exist is no error. */
  async removeForward(id: string): Promise<void> {
    await this.#request({ op: "forward_remove", id });
  }

  /** Ends the keeper, and with it the supervisor. */
  async quit(): Promise<void> {
    await this.#request({ op: "keeper_quit" });
  }

  close(): void {
    this.#connection?.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
    this.#connection = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #request(op: Op): Promise<string> {
    this.#connection ??= this.#connect();
    const socket = await this.#connection;
    const line = await new Promise<string>((resolve, reject) => {
      if (socket.destroyed) return reject(keeperLost(this.#socketPath));
      this.#waiting.push({ resolve, reject });
      socket.write(encodePlan([op]));
    });
    return helperAnswer(line);
  }

  async #connect(): Promise<Socket> {
    try {
      const socket = await connectUnix(this.#socketPath);
      createInterface({ input: socket }).on("line", (line) => this.#waiting.shift()?.resolve(line));
      // readline reports the socket's errors again; "close" follows each of them.
      socket.on("error", () => undefined);
      socket.on("close", () => this.#lose(socket));
      // Only a request under way is a reason to keep this process alive.
      socket.unref();
      return socket;
    } catch (cause) {
      this.#connection = undefined;
      throw keeperLost(this.#socketPath, cause);
    }
  }

  #lose(_socket: Socket): void {
    this.#connection = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(keeperLost(this.#socketPath));
  }
}

function keeperLost(path: string, cause?: unknown): GantryError {
  return new GantryError("keeper-lost", `the keeper at ${path} does not answer`, {
    hint: "run the command again: it starts a new keeper",
    cause,
  });
}
