import { spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { helperPath } from "../../lib/helper-path.ts";
import { encodePlan, type Op } from "../../lib/launch-plan/index.ts";
import { credentialOps } from "../plan/credentials.ts";
import type { OciSpec } from "../spec/oci-spec.ts";

const KEPT_OUTPUT = 4096;
const CLONE_ALL = 0x20000n | 0x2000000n | 0x4000000n | 0x8000000n | 0x20000000n | 0x40000000n;

export type CapturedExec = {
  /** -1 when it did not end in time and was killed. */
  readonly exitCode: number;
  /** At most 4 KiB of both outputs. */
  readonly output: string;
};

export type ExecTarget = {
  readonly pid: number;
  readonly startTime: number;
  readonly spec: OciSpec;
  readonly cgroups: readonly string[];
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
  input.end(encodePlan(execPlan(target, argv)));
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

function execPlan({ pid, startTime, spec, cgroups }: ExecTarget, argv: readonly string[]): Op[] {
  return [
    ...cgroups.map((path): Op => ({ op: "cgroup_join", path })),
    { op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE_ALL },
    { op: "spawn", flags: 0n, terminal: 0, rows: 0, cols: 0 },
    ...credentialOps(spec.process),
    { op: "cwd", path: spec.process.cwd, create: 0, uid: 0, gid: 0 },
    { op: "exec", argv, env: spec.process.env },
  ];
}
