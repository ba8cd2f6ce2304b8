import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Op } from "../../lib/launch-plan/index.ts";
import { CLONE } from "../plan/clone-flags.ts";
import type { OciProcess } from "../spec/oci-spec.ts";
import type { OciRuntime } from "./find-runtime.ts";
import { runtimeCall, runtimeEnvironment } from "./runtime-plan.ts";

/** A container that another runtime has made. */
export type RuntimeContainer = {
  /** Its network namespace is where the runtime was called. */
  readonly monitor: { readonly pid: number; readonly startTime: number };

  readonly runtime: OciRuntime;
  readonly directory: string;
  readonly id: string;
};

/** A call of a runtime to run a program in a container, and what takes away the file that describes the program. */
export type RuntimeExec = { readonly argv: readonly string[]; readonly forget: () => void };

/** Prepares `exec` of the container's runtime. The program is described in a file: arguments are seen by everybody. */
export function runtimeExec(
  { runtime, directory, id }: RuntimeContainer,
  process: OciProcess,
  detached: boolean,
): RuntimeExec {
  const file = join(directory, `exec-${randomBytes(8).toString("hex")}.json`);
  writeFileSync(file, JSON.stringify(process), { mode: 0o600, flag: "wx" });
  const terminal = process.terminal ? ["--tty"] : [];
  // Nobody reads the pid; gVisor's does not detach without.
  const apart = detached ? ["--detach", "--pid-file", `${file}.pid`] : [];
  return {
    argv: [...runtimeCall(runtime, directory), "exec", ...terminal, ...apart, "--process", file, id],
    forget: () => {
      for (const path of [file, `${file}.pid`]) rmSync(path, { force: true });
    },
  };
}

/** Runs it in the network namespace that the container was made from: by sockets in there some runtimes (gVisor's) reach their containers. */
export function runtimeExecPlan(
  { argv }: RuntimeExec,
  { pid, startTime }: RuntimeContainer["monitor"],
  terminal: boolean,
  window: { readonly rows: number; readonly columns: number },
): Op[] {
  return [
    { op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE.network },
    { op: "spawn", flags: 0n, terminal: terminal ? 1 : 0, rows: window.rows, cols: window.columns },
    ...(terminal ? [{ op: "terminal", console: 0, uid: 0 } satisfies Op] : []),
    { op: "exec", argv, env: runtimeEnvironment() },
  ];
}
