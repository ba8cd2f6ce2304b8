import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { helperPath } from "../../lib/helper-path.ts";
import { encodePlan } from "../../lib/launch-plan/index.ts";
import { type ExecTarget, execPlan } from "./exec-plan.ts";

const KEPT_OUTPUT = 4096;

export type CapturedExec = {
  /** -1 when it did not end in time and was killed. */
  readonly exitCode: number;
  /** At most 4 KiB of both outputs. */
  readonly output: string;
};

/** Runs a command in a running container and waits for it, at most `timeout` milliseconds. */
export function execCaptured(
  target: ExecTarget,
  argv: readonly string[],
  timeout: number,
): Promise<CapturedExec> {
  const child = spawn(helperPath(), ["launch"], { stdio: ["ignore", "pipe", "pipe", "pipe", "ignore"] });
  const input = child.stdio[3] as Writable;
  input.on("error", () => undefined);
  input.end(encodePlan(execPlan(target, { ...target.spec.process, args: argv, terminal: false })));
  let output = Buffer.alloc(0);
  const keep = (chunk: Buffer) => {
    if (output.length < KEPT_OUTPUT) output = Buffer.concat([output, chunk]).subarray(0, KEPT_OUTPUT);
  };
  child.stdout!.on("data", keep);
  child.stderr!.on("data", keep);
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
      child.stdout!.destroy();
      child.stderr!.destroy();
    }, timeout);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ exitCode: isLate ? -1 : (code ?? 137), output: output.toString("utf8") });
    });
  });
}
