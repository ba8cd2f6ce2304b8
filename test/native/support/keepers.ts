import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  encodePlan,
  type ForwardAddOp,
  type Op,
  type SupervisorOp,
} from "../../../src/lib/launch-plan/index.ts";
import { connectUnix } from "../../../src/lib/unix-socket.ts";
import { readRecord } from "./monitor-client.ts";
import { CLONE } from "./plans.ts";
import { isRunning, processStartTime } from "./processes.ts";
import { shimPath } from "./shim.ts";

const server = fileURLToPath(new URL("../fixtures/server.mjs", import.meta.url));
const bytes = (address: string) => Uint8Array.from(address.split(".").map(Number));

/** A keeper in a new network namespace of its own, with its files in one directory. */
export class Keeper {
  readonly directory: string;
  readonly statusPath: string;
  readonly controlPath: string;
  readonly logPath: string;
  #connection: { socket: Socket; lines: Interface } | undefined;
  #servers: ChildProcess[] = [];

  constructor(directory: string) {
    this.directory = directory;
    this.statusPath = join(directory, "keeper");
    this.controlPath = join(directory, "keeper.sock");
    this.logPath = join(directory, "keeper.log");
  }

  plan(supervisor: Partial<SupervisorOp> = {}, between?: readonly Op[]): Op[] {
    return [
      { op: "keeper", controlPath: this.controlPath, statusPath: this.statusPath, logPath: this.logPath },
      ...(between ?? [
        { op: "unshare", flags: CLONE.NEWNET },
        { op: "link_set", netns: 0, name: "lo", up: 1 },
      ]),
      {
        op: "supervisor",
        argv: ["sleep", "1000"],
        env: ["PATH=/bin:/usr/bin"],
        cwd: "/",
        restartMinMs: 10,
        restartMaxMs: 200,
        ...supervisor,
      },
    ];
  }

  /** Starts the keeper; returns its status line and exit code. `command` may put it into another namespace first. */
  async start(plan: readonly Op[] = this.plan(), command: readonly string[] = []) {
    const [program, ...argv] = [...command, shimPath, "keeper"];
    const child = spawn(program!, argv, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ASAN_OPTIONS: "detect_leaks=0" },
    });
    child.stdin!.on("error", () => {});
    child.stdin!.end(encodePlan(plan));
    const chunks: Buffer[] = [];
    child.stdout!.on("data", (chunk: Buffer) => chunks.push(chunk));
    const [code] = await once(child, "close");
    return { status: Buffer.concat(chunks).toString(), code };
  }

  get record(): Record<string, number> {
    return readRecord(this.statusPath);
  }

  /** Sends one request, and resolves to the answer. */
  async ask(op: Op): Promise<string> {
    if (!this.#connection) {
      const socket = await connectUnix(this.controlPath);
      socket.on("error", () => {});
      this.#connection = { socket, lines: createInterface({ input: socket }) };
    }
    const answer = once(this.#connection.lines, "line");
    this.#connection.socket.write(encodePlan([op]));
    return (await answer)[0];
  }

  /** Forwards to a port of the namespace's loopback; resolves to the port that listens. */
  async forward(id: string, targetPort: number, changes: Partial<ForwardAddOp> = {}): Promise<number> {
    const answer = await this.ask({
      op: "forward_add",
      id,
      protocol: 6,
      listenNetns: 1,
      listenAddress: bytes("127.0.0.1"),
      listenPort: 0,
      listenV6only: 0,
      targetNetns: 0,
      targetAddress: bytes("127.0.0.1"),
      targetPort,
      transparent: 0,
      ...changes,
    });
    if (!/^ok \d+$/.test(answer)) throw new Error(answer);
    return Number(answer.slice(3));
  }

  /** Starts a test server in the keeper's namespace, or the one of `pid` (0: this process's); resolves to its port. */
  async serve(kind: string, address = "127.0.0.1", pid = this.record["pid"]!, port = 0): Promise<number> {
    const enter = pid === 0 ? [] : ["nsenter", "-t", String(pid), "-n"];
    const [program, ...argv] = [...enter, process.execPath, server, kind, address, String(port)];
    const child = spawn(program!, argv, { stdio: ["ignore", "pipe", "inherit"] });
    this.#servers.push(child);
    const [line] = await once(createInterface({ input: child.stdout! }), "line");
    return Number(line);
  }

  /** Ends everything this test started, whatever became of it. */
  [Symbol.dispose](): void {
    this.#connection?.socket.destroy();
    for (const child of this.#servers) child.kill("SIGKILL");
    if (!existsSync(this.statusPath)) return;
    const { pid, start_time: started } = this.record;
    if (isRunning(pid!) && processStartTime(pid!) === BigInt(started!)) process.kill(pid!, "SIGKILL");
  }
}
