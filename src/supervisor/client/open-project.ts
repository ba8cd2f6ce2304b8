import type { Socket } from "node:net";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { projectRunDirectory, type Roots } from "../../lib/paths.ts";
import { withProcessLock } from "../../lib/process-lock.ts";
import { connectUnix } from "../../lib/unix-socket.ts";
import type { HostFacts } from "../host-facts.ts";
import { SUPERVISOR_LOST } from "../lost.ts";
import type { Methods } from "../protocol.ts";
import { awaitSupervisor } from "./await-supervisor.ts";
import { Connection, type EventListener } from "./connection.ts";
import { endKeeper, finishDown } from "./finish-down.ts";
import { Ipv6WayOut } from "./ipv6-way-out.ts";
import { livingKeeper } from "./keeper-status.ts";
import { startKeeper } from "./start-keeper.ts";

const ATTEMPTS = 5;

/** A project as a command sees it: calls reach its supervisor, which is started when there is none. */
export class OpenProject {
  readonly #roots: Roots;
  readonly #name: string;
  readonly #facts: HostFacts;
  /** pasta does this for ordinary users. */
  readonly #ipv6WayOut: Ipv6WayOut | undefined;
  #connection: Promise<Connection>;

  constructor(roots: Roots, name: string, facts: HostFacts) {
    this.#ipv6WayOut = facts.rootless ? undefined : new Ipv6WayOut(roots, name);
    this.#roots = roots;
    this.#name = name;
    this.#facts = facts;
    this.#connection = connectOrStart(roots, name, facts);
    // Whoever calls gets the failure; a start ahead of time that nobody uses is nobody's failure.
    this.#connection.catch(() => undefined);
  }

  /**
   * Calls a method; its events go to `onEvent`. When the supervisor dies under the call the next one is asked again,
   * where asking twice does no harm.
   */
  async call<Name extends keyof Methods>(
    method: Name,
    params: Methods[Name]["params"],
    onEvent?: EventListener,
  ): Promise<Methods[Name]["result"]> {
    for (let attempt = 1; ; attempt++) {
      const connection = await this.#connection;
      try {
        if ("project" in params) await this.#ipv6WayOut?.openFor(params.project.networks);
        const result = await connection.call(method, params, onEvent);
        if (mayJoin.has(method)) await this.#ipv6WayOut?.openForOwned();
        if (method === "down") await this.#afterDown(connection, result as Methods["down"]["result"]);
        return result;
      } catch (error) {
        if (!isLost(error) || attempt === ATTEMPTS || onlyOnce.has(method)) throw error;
        connection.close();
        this.#connection = connectOrStart(this.#roots, this.#name, this.#facts);
      }
    }
  }

  /** Ends the connection; what is still at work for it in the supervisor is broken off. */
  close(): void {
    this.#connection.then(
      (connection) => connection.close(),
      () => undefined,
    );
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #afterDown(connection: Connection, { ended }: Methods["down"]["result"]): Promise<void> {
    if (!ended) return;
    await connection.closed;
    await finishDown(this.#roots, this.#name, this.#facts);
  }
}

/** Opens a project; returns at once, so that a supervisor starts while the command reads its files. */
export function openProject(roots: Roots, name: string, facts: HostFacts): OpenProject {
  return new OpenProject(roots, name, facts);
}

/** What would be done a second time by asking a second time. */
const onlyOnce: ReadonlySet<keyof Methods> = new Set(["run", "kill", "restart", "holdStill", "subscribe"]);

/** What may bring a project onto a network that is described elsewhere than in its files, or its keeper back. */
const mayJoin: ReadonlySet<keyof Methods> = new Set(["up", "run", "connect", "start"]);

async function connectOrStart(roots: Roots, name: string, facts: HostFacts): Promise<Connection> {
  const directory = projectRunDirectory(roots, name);
  const path = join(directory, "control.sock");
  let isRepaired = false;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const socket = (await tryConnect(path)) ?? (await startSupervisor(roots, name, facts));
      if (socket) return new Connection(socket);
    } catch (error) {
      if (!isSupervisorStart(error) || isRepaired) throw error;
      // The keeper may go on starting what an upgrade took away: ours is what a new keeper starts.
      isRepaired = true;
      await endKeeper(directory);
    }
  }
  throw new GantryError("supervisor-start", `the supervisor of project ${name} could not be reached`, {
    hint: `its log: ${join(directory, "supervisor.log")}`,
  });
}

const isSupervisorStart = (error: unknown) =>
  error instanceof GantryError && error.code === "supervisor-start";

/** Only one of several commands starts the keeper; those who waited for the lock find it alive. */
async function startSupervisor(roots: Roots, name: string, facts: HostFacts): Promise<Socket | undefined> {
  if (!livingKeeper(roots, name)) {
    await withProcessLock(join(roots.run, "start.lock"), async () => {
      if (!livingKeeper(roots, name)) await startKeeper(roots, name, facts);
    });
  }
  return awaitSupervisor(roots, name);
}

/** Nobody there, nobody listening, or a supervisor that dies with the connection still in its queue. */
const NO_SUPERVISOR: ReadonlySet<string | undefined> = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET"]);

async function tryConnect(path: string): Promise<Socket | undefined> {
  try {
    return await connectUnix(path);
  } catch (error) {
    if (NO_SUPERVISOR.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

const isLost = (error: unknown) => error instanceof GantryError && error.code === SUPERVISOR_LOST;
