import type { Op } from "../../lib/launch-plan/index.ts";
import { credentialOps } from "../plan/credentials.ts";
import type { OciProcess, OciSpec } from "../spec/oci-spec.ts";

const CLONE_ALL = 0x20000n | 0x2000000n | 0x4000000n | 0x8000000n | 0x20000000n | 0x40000000n;

/** A running container that a program is to join. */
export type ExecTarget = {
  readonly pid: number;
  readonly startTime: number;
  readonly spec: OciSpec;
  readonly cgroups: readonly string[];
};

/** Joins all namespaces of the container's process 1 and runs `process` there, with the container's restrictions. */
export function execPlan(
  { pid, startTime, cgroups }: ExecTarget,
  process: OciProcess,
  window = { rows: 0, columns: 0 },
): Op[] {
  return [
    ...cgroups.map((path): Op => ({ op: "cgroup_join", path })),
    { op: "setns_process", pid, startTime: BigInt(startTime), flags: CLONE_ALL },
    { op: "spawn", flags: 0n, terminal: process.terminal ? 1 : 0, rows: window.rows, cols: window.columns },
    ...(process.terminal ? [{ op: "terminal", console: 0, uid: process.user.uid } satisfies Op] : []),
    ...credentialOps(process),
    { op: "cwd", path: process.cwd, create: 0, uid: 0, gid: 0 },
    { op: "exec", argv: process.args, env: process.env },
  ];
}
