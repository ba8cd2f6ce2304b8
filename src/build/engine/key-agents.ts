import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { GantryError } from "../../lib/diagnostic.ts";
import type { Workspace } from "./workspace.ts";

/** An agent that ends when the input of this script does, also because we were killed. It says when it listens. */
const SCRIPT = 'ssh-agent -D -a "$0" & cat >/dev/null; kill $!; wait';

/** Agents with keys from files, each started once; they end with this process. */
export class KeyAgents {
  readonly #workspace: Workspace;
  readonly #sockets = new Map<string, Promise<string>>();
  readonly #children: ChildProcess[] = [];

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The socket of an agent: the given one, or that of an agent with the keys of the given files. */
  socketFor(id: string, paths: readonly string[]): Promise<string> {
    const [only, ...others] = paths;
    if (only !== undefined && others.length === 0 && isSocket(only)) return Promise.resolve(only);
    const key = paths.join("\0");
    const socket = this.#sockets.get(key) ?? this.#start(id, paths);
    this.#sockets.set(key, socket);
    return socket;
  }

  async #start(id: string, paths: readonly string[]): Promise<string> {
    const { path: directory } = this.#workspace.room();
    // By a name without a directory: a socket's address has to be short.
    const options = { cwd: directory, detached: true };
    const child = spawn("sh", ["-c", SCRIPT, "agent"], { ...options, stdio: ["pipe", "pipe", "ignore"] });
    this.#children.push(child);
    if ((await firstOutput(child)) === "") throw unusable(id, "ssh-agent cannot be started");
    const environment = { ...process.env, SSH_AUTH_SOCK: "agent" };
    const adding = spawn("ssh-add", ["-q", ...paths], {
      ...options,
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said = text(adding.stderr);
    const [code] = (await once(adding, "close")) as [number | null];
    if (code !== 0) throw unusable(id, (await said).trim());
    return join(directory, "agent");
  }

  /** Ends the agents. */
  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#children.filter(({ exitCode }) => exitCode === null);
    const ended = running.map((child) => once(child, "close"));
    for (const child of running) child.stdin?.end();
    await Promise.all(ended);
  }
}

/** What a program says first; nothing when it ends instead. */
async function firstOutput({ stdout }: ChildProcess): Promise<string> {
  for await (const chunk of stdout!) return String(chunk);
  return "";
}

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

function unusable(id: string, reason: string): GantryError {
  return new GantryError("build-ssh-missing", `the keys of the SSH agent "${id}" cannot be used: ${reason}`, {
    hint: "A key with a passphrase has to be in an agent: ssh-add KEY, then --ssh default.",
  });
}
