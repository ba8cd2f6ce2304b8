import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { busyboxArchive } from "./busybox-image.ts";
import { type HostState, hostState, leftoversOf } from "./leftovers.ts";
import type { Namespace } from "./namespace.ts";
import { credentialsOf, environmentOf, testUser } from "./test-user.ts";
import { until } from "./until.ts";

/** The command, as a user of a checkout runs it. */
export const GANTRY = testUser?.gantry ?? resolve(import.meta.dirname, "../../bin/gantry");

/** Where stacks are made. */
const STACKS = testUser ? join(testUser.home, "e2e") : "/var/lib/gantry-e2e";

/** How a command ended and what it said. */
export type Result = { readonly code: number; readonly stdout: string; readonly stderr: string };

const before: HostState = hostState("");

/**
 * A project directory and a GANTRY_ROOT of its own, in which bin/gantry runs as a user would run it. Leaving the
 * scope takes the project down, expects that nothing is left, and removes both; what failed is printed with logs.
 *
 *     await using stack = await Stack.create({ "compose.yaml": "…" });
 */
export class Stack {
  readonly root: string;
  readonly directory: string;
  readonly project: string;

  readonly #host: Namespace | undefined;

  private constructor(base: string, host: Namespace | undefined) {
    this.#host = host;
    this.root = join(base, "root");
    this.project = `t${base.slice(-6).toLowerCase()}`;
    this.directory = join(base, this.project);
    mkdirSync(this.directory);
    if (testUser) for (const path of [base, this.directory]) chownSync(path, testUser.uid, testUser.gid);
  }

  /**
   * `files`: text by path within the project directory. The image `busybox` is in the store. `host`: where commands
   * run, when it is another network than this machine's.
   */
  static async create(files: Readonly<Record<string, string>>, host?: Namespace): Promise<Stack> {
    mkdirSync(STACKS, { recursive: true });
    const stack = new Stack(mkdtempSync(join(STACKS, "x")), host);
    stack.write(files);
    await stack.succeed(["image", "import", "-", "busybox"], { input: busyboxArchive() });
    return stack;
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(this.directory, path), text);
  }

  /** Starts a command and leaves it running. */
  spawn(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const own = testUser ? environmentOf(testUser) : process.env;
    const there = this.#host ? ["nsenter", ...this.#host.entering, `--wdns=${this.directory}`] : [];
    const asUser = testUser ? ["setpriv", ...credentialsOf(testUser)] : [];
    const [program, ...before] = [...there, ...asUser, GANTRY];
    return spawn(program!, [...before, ...args], {
      cwd: this.directory,
      env: { ...own, NO_COLOR: "1", ...environment, GANTRY_ROOT: this.root },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Runs a command to its end. */
  run(
    args: readonly string[],
    { input, environment = {} }: { input?: string | Buffer; environment?: NodeJS.ProcessEnv } = {},
  ): Promise<Result> {
    const child = this.spawn(args, environment);
    child.stdin!.on("error", () => undefined);
    child.stdin!.end(input);
    return resultOf(child);
  }

  /** Runs a command that must succeed; gives its standard output. */
  async succeed(args: readonly string[], options: { input?: string | Buffer } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0)
      throw new Error(`gantry ${args.join(" ")} exited with ${code}\n${stdout}${stderr}${this.logs()}`);
    return stdout;
  }

  /** What a command in a service's container prints, without the last line break. */
  async inside(service: string, ...command: string[]): Promise<string> {
    return (await this.succeed(["exec", "-T", service, ...command])).trimEnd();
  }

  /** The rows of `ps --format json`. */
  async ps(...args: string[]): Promise<Record<string, unknown>[]> {
    const text = await this.succeed(["ps", "--format", "json", ...args]);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Supervisor logs, for the report of a failure. */
  logs(): string {
    const projects = join(this.root, "run/projects");
    try {
      return readdirSync(projects)
        .map(
          (name) =>
            `\n--- supervisor.log of ${name}\n${readFileSync(join(projects, name, "supervisor.log"), "utf8")}`,
        )
        .join("");
    } catch {
      return "";
    }
  }

  /** Waits until nothing of the project is left but its named volumes. */
  async expectNothingLeft(): Promise<void> {
    const left = () => leftoversOf(this.root, this.project, before);
    await until("nothing is left", () => left().length === 0, 5).catch(() => undefined);
    expect(left()).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const down = ["down", "-v", "-t", "0", "--remove-orphans"];
    const { code } = await this.run(down);
    // By name: a failed test may have left a file that does not load.
    if (code !== 0) await this.run(["-p", this.project, ...down]);
    await this.expectNothingLeft();
    rmSync(resolve(this.root, ".."), { recursive: true, force: true });
  }
}

/** Waits for a process and collects what it says. */
export async function resultOf(child: ChildProcess): Promise<Result> {
  const [stdout, stderr] = [collect(child.stdout!), collect(child.stderr!)];
  const code = await new Promise<number>((done) => {
    child.once("close", (exit, signal) => done(exit ?? 128 + (signal === "SIGKILL" ? 9 : 15)));
  });
  return { code, stdout: await stdout, stderr: await stderr };
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
