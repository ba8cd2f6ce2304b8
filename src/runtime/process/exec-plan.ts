import type { Op } from "../../lib/launch-plan/index.ts";
import { userNamespace } from "../../lib/user-namespace.ts";
import { type RuntimeContainer, runtimeExec, runtimeExecPlan } from "../oci/runtime-exec.ts";
import { CLONE } from "../plan/clone-flags.ts";
import { credentialOps, rlimitOps } from "../plan/credentials.ts";
import type { OciProcess, OciSpec } from "../spec/oci-spec.ts";

/** All namespaces but the user's: whoever calls is in the same one. */
const ALL_NAMESPACES = CLONE.mount | CLONE.cgroup | CLONE.uts | CLONE.ipc | CLONE.pid | CLONE.network;

/**
 * The namespaces to join. Those that the container shares with the host the caller of an ordinary user is in already,
 * and may not join: they belong to the host's root.
 */
function namespacesToJoin({ linux }: OciSpec): bigint {
  if (userNamespace().isInitial) return ALL_NAMESPACES;
  return linux.namespaces.reduce((flags, { type }) => flags | CLONE[type], 0n);
}

/** A running container that a program is to join. */
export type ExecTarget = {
  readonly pid: number;
  readonly startTime: number;
  readonly spec: OciSpec;
  readonly cgroups: readonly string[];
  /** Another runtime made it, and is the one that can bring programs in. */
  readonly madeBy?: RuntimeContainer;
};

/** How a program gets into a container; `forget` is called when it has ended. */
export type PreparedExec = { readonly plan: Op[]; readonly forget: () => void };

/** Prepares `process` to run in the container: by its own runtime where it has one. */
export function prepareExec(
  target: ExecTarget,
  process: OciProcess,
  { detached = false, window = { rows: 0, columns: 0 } } = {},
): PreparedExec {
  if (!target.madeBy) return { plan: execPlan(target, process, window), forget: () => undefined };
  const call = runtimeExec(target.madeBy, process, detached);
  return {
    plan: runtimeExecPlan(call, target.madeBy.monitor, process.terminal, window),
    forget: call.forget,
  };
}

/** Joins all namespaces of the container's process 1 and runs `process` there, with the container's restrictions. */
function execPlan(
  { pid, startTime, cgroups, spec }: ExecTarget,
  process: OciProcess,
  window: { readonly rows: number; readonly columns: number },
): Op[] {
  return [
    ...cgroups.map((path): Op => ({ op: "cgroup_join", path })),
    { op: "setns_process", pid, startTime: BigInt(startTime), flags: namespacesToJoin(spec) },
    { op: "spawn", flags: 0n, terminal: process.terminal ? 1 : 0, rows: window.rows, cols: window.columns },
    ...(process.terminal ? [{ op: "terminal", console: 0, uid: process.user.uid } satisfies Op] : []),
    ...rlimitOps(process),
    { op: "cwd", path: process.cwd, create: 0, uid: 0, gid: 0 },
    ...credentialOps(process, spec.linux.seccomp),
    { op: "exec", argv: process.args, env: process.env },
  ];
}
