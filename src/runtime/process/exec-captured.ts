import type { HookSetting } from "../contract.ts";
import { startHelper } from "../launch/start-helper.ts";
import { type ExecTarget, type PreparedExec, prepareExec } from "./exec-plan.ts";
import { execProcess } from "./exec-process.ts";

const KEPT_OUTPUT = 4096;

export type CapturedExec = {
  /** -1 when it did not end in time and was killed. */
  readonly exitCode: number;
  /** At most 4 KiB of both outputs; why it could not be run, if so. */
  readonly output: string;
};

/** Runs a command in a running container, as its own program runs, and waits for it at most `timeout` milliseconds. */
export function execCaptured(
  target: ExecTarget,
  argv: readonly string[],
  timeout: number,
): Promise<CapturedExec> {
  return captured(prepareExec(target, { ...target.spec.process, args: argv, terminal: false }), timeout);
}

/** Runs a hook in a running container and waits for it, however long it takes. */
export function execHook(
  target: ExecTarget,
  { argv, user, privileged, workingDirectory, environment }: HookSetting,
  layerDirectories: readonly string[],
): Promise<CapturedExec> {
  const settings = { argv, user, privileged, workingDirectory, environment, terminal: false };
  return captured(prepareExec(target, execProcess(target.spec.process, settings, layerDirectories)));
}

function captured({ plan, forget }: PreparedExec, timeout?: number): Promise<CapturedExec> {
  return run(plan, timeout).finally(forget);
}

async function run(plan: PreparedExec["plan"], timeout?: number): Promise<CapturedExec> {
  const { child, status } = startHelper(plan, ["ignore", "pipe", "pipe"], false);
  const outputs = [child.stdout!, child.stderr!];
  let output = Buffer.alloc(0);
  for (const stream of outputs) {
    stream.on("data", (chunk: Buffer) => {
      if (output.length < KEPT_OUTPUT) output = Buffer.concat([output, chunk]).subarray(0, KEPT_OUTPUT);
    });
  }
  const exitCode = await new Promise<number>((resolve, reject) => {
    let isLate = false;
    const onLate = () => {
      isLate = true;
      // The program goes with the helper; what it started may still hold the outputs open.
      child.kill("SIGKILL");
      for (const stream of outputs) stream.destroy();
    };
    const timer = timeout === undefined ? undefined : setTimeout(onLate, timeout);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve(isLate ? -1 : (code ?? 137));
    });
  });
  if (exitCode === -1) return { exitCode, output: output.toString("utf8") };
  const outcome = await status;
  if (!outcome.ok) return { exitCode, output: `${outcome.subject}: ${outcome.text}` };
  return { exitCode, output: output.toString("utf8") };
}
