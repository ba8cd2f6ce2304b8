import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { encodePlan, type Op } from "../../../src/lib/launch-plan/index.ts";

/** The binary under test; GANTRY_SHIM chooses another one, such as the one with sanitizers. */
export const shimPath =
  process.env["GANTRY_SHIM"] ?? fileURLToPath(new URL("../../../native/build/gantry-shim", import.meta.url));

/** Sanitizers make processes large, and keep them from being static. */
export const isSanitized = shimPath.endsWith("-asan");

/** Leaks are looked for with ptrace(2), which a process that is not dumpable cannot do to itself. */
const environment = { ...process.env, ASAN_OPTIONS: "detect_leaks=0" };

export type Outcome = {
  readonly status: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Launched = {
  readonly child: ChildProcess;
  /** The status line, as soon as there is one. */
  readonly status: Promise<string>;
  readonly outcome: Promise<Outcome>;
};

/** Starts `gantry-shim launch` with a plan, or with these bytes for one. */
export function start(plan: readonly Op[] | Uint8Array, command: readonly string[] = []): Launched {
  const [program, ...argv] = [...command, shimPath, "launch"];
  const child = spawn(program!, argv, {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    env: environment,
  });
  writePlan(child.stdio[3] as NodeJS.WritableStream, plan);
  const status = collect(child.stdio[4] as NodeJS.ReadableStream);
  const output = Promise.all([collect(child.stdout!), collect(child.stderr!)]);
  const outcome = Promise.all([once(child, "exit"), status, output]).then(
    ([[code, signal], line, [stdout, stderr]]) => ({ status: line, code, signal, stdout, stderr }),
  );
  return { child, status, outcome };
}

/** Runs `gantry-shim launch` to its end. */
export const run = (plan: readonly Op[] | Uint8Array, command: readonly string[] = []) =>
  start(plan, command).outcome;

/**
 * Runs `gantry-shim apply`, whose plan comes on standard input and whose status goes to standard output. `command` may
 * put it into another namespace first.
 */
export async function apply(
  plan: readonly Op[] | Uint8Array,
  command: readonly string[] = [],
): Promise<Outcome> {
  const [program, ...argv] = [...command, shimPath, "apply"];
  const child = spawn(program!, argv, { stdio: ["pipe", "pipe", "pipe"], env: environment });
  writePlan(child.stdin!, plan);
  const [[code, signal], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    collect(child.stdout!),
    collect(child.stderr!),
  ]);
  return { status: stdout, code, signal, stdout, stderr };
}

/** The helper may refuse a plan before it has read all of it. */
function writePlan(stream: NodeJS.WritableStream, plan: readonly Op[] | Uint8Array): void {
  stream.on("error", () => {});
  stream.end(plan instanceof Uint8Array ? plan : encodePlan(plan));
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
