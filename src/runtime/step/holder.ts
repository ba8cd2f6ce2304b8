import type { ChildProcess } from "node:child_process";
import { helperPath } from "../../lib/helper-path.ts";
import type { Op } from "../../lib/launch-plan/index.ts";
import { type ProcessIdentity, readStartTime } from "../../lib/process-identity.ts";
import { launchFailure } from "../launch/launch-failure.ts";
import { startHelper } from "../launch/start-helper.ts";
import { CLONE } from "../plan/clone-flags.ts";
import { overlayOf, type StackedLayers } from "./overlay.ts";

const MS_REC = 16384n;
const MS_PRIVATE = 1n << 18n;

/**
 * A process that holds namespaces: `gantry-shim tree`, which reads operations from its standard input and ends with
 * it, so that it never outlives this process. With a pid namespace, everything in that ends with the holder too.
 */
export type Holder = { readonly child: ChildProcess; readonly identity: ProcessIdentity };

/** A mount namespace in which stacked layers are mounted; the place is `/proc/<pid>/root` + `mountPoint` from here. */
export function holdTree(layers: StackedLayers, mountPoint: string): Promise<Holder> {
  return holdMounts([overlayOf(layers, mountPoint)], "a build's layers");
}

/** A mount namespace of its own with these mounts in it; `what` is for messages. */
export function holdMounts(mounts: readonly Op[], what: string): Promise<Holder> {
  return hold(
    CLONE.mount,
    [{ op: "mount_propagation", path: "/", flags: MS_PRIVATE | MS_REC }, ...mounts],
    what,
  );
}

/** A pid namespace, and a network namespace made by these operations, for a program to run in. */
export function holdProgramNamespaces(networkOps: readonly Op[]): Promise<Holder> {
  return hold(CLONE.pid | CLONE.network, networkOps, "a build's namespaces");
}

async function hold(flags: bigint, ops: readonly Op[], what: string): Promise<Holder> {
  const plan: Op[] = [
    { op: "spawn", flags, terminal: 0, rows: 24, cols: 80 },
    ...ops,
    { op: "exec", argv: [helperPath(), "tree"], env: [] },
  ];
  const { child, status } = startHelper(plan, ["pipe", "pipe", "inherit"], false);
  const outcome = await status;
  if (!outcome.ok) throw launchFailure(what, outcome);
  const pid = Number(outcome.value);
  return { child, identity: { pid, startTime: readStartTime(pid) ?? 0 } };
}
