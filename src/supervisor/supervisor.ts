import { GantryError } from "../lib/diagnostic.ts";
import { SUPERVISOR_LOST } from "./lost.ts";
import { down } from "./methods/down.ts";
import { type Manner, methodNamed } from "./methods/table.ts";
import type { ProjectSupervision } from "./project-supervision.ts";
import type { Methods } from "./protocol.ts";
import { type Call, ControlServer } from "./server/control-server.ts";
import { IntentQueue } from "./server/intent-queue.ts";

const IDLE_BEFORE_END = 2000;

/** Answers commands about a project until there is nothing left to look after. */
export class Supervisor {
  readonly #supervision: ProjectSupervision;
  readonly #version: string;
  readonly #queue = new IntentQueue();
  readonly #server: ControlServer;
  #idle: NodeJS.Timeout | undefined;
  #ending = false;
  /** No command is there that tidies up after the end. */
  #isSwept = false;
  #end: () => void = () => undefined;
  /** Resolves when it has ended: the process may exit. */
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  constructor(supervision: ProjectSupervision, controlPath: string, version: string) {
    this.#supervision = supervision;
    this.#version = version;
    this.#server = new ControlServer(
      controlPath,
      (call) => this.#answer(call),
      () => this.reconsider(),
    );
  }

  async listen(): Promise<void> {
    await this.#server.listen();
    this.reconsider();
  }

  /** Something changed that may leave it without a purpose, or give it one again. */
  reconsider(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    if (this.#ending || !this.#hasNothingToDo()) return;
    this.#idle = setTimeout(() => {
      if (this.#hasNothingToDo()) void this.#finish();
    }, IDLE_BEFORE_END);
  }

  /** Takes the project down without anybody asking: what it was bound to has ended. */
  async sweep(volumes: boolean): Promise<void> {
    const { signal } = new AbortController();
    const context = { supervision: this.#supervision, emit: () => undefined, signal };
    const params = { services: [], volumes, removeOrphans: true, dryRun: false };
    try {
      const result = await this.#queue.run(intentOf("down", "urgent"), signal, () => down(context, params));
      if (this.#afterDown(result).ended) this.#isSwept = true;
    } catch (error) {
      console.error(error);
    }
  }

  #hasNothingToDo(): boolean {
    // Containers that have ended are taken away too, when their time comes.
    const isBound = this.#supervision.context.warden.isArmed && !this.#supervision.isDown;
    return this.#server.clients === 0 && !this.#queue.busy && !isBound && this.#supervision.isAtRest;
  }

  async #answer(call: Call): Promise<unknown> {
    if (this.#ending) throw new GantryError(SUPERVISOR_LOST, "the project's supervisor is ending");
    if (call.method === "status") return this.#status();
    const { manner, perform } = methodNamed(call.method);
    const context = { supervision: this.#supervision, emit: call.emit, signal: call.signal };
    if (manner === "pressing") this.#queue.interrupt(call.method);
    if (manner === "pressing" || manner === "at once") return perform(context, call.params as never);
    const intent = intentOf(call.method, manner);
    const result = await this.#queue.run(intent, call.signal, (signal) =>
      perform({ ...context, signal }, call.params as never),
    );
    return call.method === "down" ? this.#afterDown(result as Methods["down"]["result"]) : result;
  }

  /** The project is down, unless something came in meanwhile that brings it up again. */
  #afterDown(result: Methods["down"]["result"]): Methods["down"]["result"] {
    const ended = result.ended && !this.#queue.busy && this.#supervision.isDown;
    // The answer is written in this turn of the event loop; the connections end after it.
    if (ended) void this.#supervision.context.warden.bind(undefined);
    if (ended) setImmediate(() => void this.#finish());
    if (ended) this.#stopAccepting();
    return { ...result, ended };
  }

  #stopAccepting(): void {
    this.#ending = true;
    this.#server.unlink();
  }

  async #finish(): Promise<void> {
    this.#stopAccepting();
    clearTimeout(this.#idle);
    await this.#server.close();
    const { door } = this.#supervision.context;
    if (this.#supervision.isGone) await door.removeProject();
    else if (this.#isSwept) await door.removeProject("record");
    this.#end();
  }

  #status(): Methods["status"]["result"] {
    const { name } = this.#supervision.context;
    return { pid: process.pid, version: this.#version, project: name, busy: this.#queue.busy };
  }
}

function intentOf(name: string, manner: Manner) {
  return { name, urgent: manner === "urgent", interruptible: manner === "patient" };
}
