import { chmodSync, chownSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { connectUnix, listenUnix } from "../../lib/unix-socket.ts";

/** What a program may ask of an agent (draft-miller-ssh-agent): which keys there are, and a signature. */
const ALLOWED: ReadonlySet<number> = new Set([11, 13]);
/** A request that no agent knows: it answers with a failure, in its turn. */
const UNKNOWN = Buffer.from([0, 0, 0, 1, 255]);
const LONGEST_MESSAGE = 256 * 1024;

/** Who may use a door. */
export type DoorOwner = { readonly uid: number; readonly gid: number; readonly mode: number };

/**
 * A socket at `path` that leads to an agent, for a program that is not trusted with more than signatures: it cannot
 * take keys away, add some, or lock the agent.
 */
export async function openAgentDoor(agent: string, path: string, owner: DoorOwner): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }, (visitor) => {
    connectUnix(agent).then(
      (socket) => connect(visitor, socket),
      () => visitor.destroy(),
    );
  });
  await listenUnix(server, path);
  chownSync(path, owner.uid, owner.gid);
  chmodSync(path, owner.mode);
  return server;
}

function connect(visitor: Socket, agent: Socket): void {
  const requests = new Requests();
  visitor.on("data", (chunk) => {
    const passed = requests.take(chunk);
    if (passed) agent.write(passed);
    else visitor.destroy();
  });
  agent.pipe(visitor);
  visitor.resume();
  for (const [one, other] of [
    [visitor, agent],
    [agent, visitor],
  ] as const) {
    one.on("error", () => other.destroy()).on("close", () => other.destroy());
  }
}

/** Cuts a stream into requests, and replaces those that are not allowed. */
export class Requests {
  #pending: Buffer = Buffer.alloc(0);

  /** What goes on to the agent; undefined when this is no agent's protocol. */
  take(chunk: Buffer): Buffer | undefined {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const passed: Buffer[] = [];
    while (this.#pending.length >= 5) {
      const length = this.#pending.readUInt32BE(0);
      if (length === 0 || length > LONGEST_MESSAGE) return undefined;
      if (this.#pending.length < 4 + length) break;
      const isAllowed = ALLOWED.has(this.#pending[4]!);
      passed.push(isAllowed ? this.#pending.subarray(0, 4 + length) : UNKNOWN);
      this.#pending = this.#pending.subarray(4 + length);
    }
    return Buffer.concat(passed);
  }
}
