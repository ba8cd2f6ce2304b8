import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { GantryError } from "../../lib/diagnostic.ts";
import { containerDirectory, type Roots } from "../../lib/paths.ts";
import { ContainerCgroup } from "../cgroup/container-cgroup.ts";
import type { ContainerRecord } from "../contract.ts";
import { launchFailure } from "../launch/launch-failure.ts";
import { startHelper } from "../launch/start-helper.ts";
import { madeBy } from "../oci/made-by.ts";
import { readStatus } from "../store/container-status.ts";
import { readSpec } from "../store/container-store.ts";
import { prepareExec } from "./exec-plan.ts";
import { type ExecSettings, execProcess } from "./exec-process.ts";

/**
 * Runs a program in a running container with this process's own standard streams, and waits for it; returns its exit
 * code. Detached, it returns as soon as the program runs.
 */
export async function execForeground(
  roots: Roots,
  record: ContainerRecord,
  settings: ExecSettings & { readonly detached: boolean },
): Promise<number> {
  const standard = settings.detached ? "ignore" : "inherit";
  const { plan, forget } = execOf(roots, record, settings);
  // Another runtime detaches the program itself, and is waited for until it has.
  const detached = settings.detached && !record.runtime;
  const { child, status } = startHelper(plan, [standard, standard, standard], detached);
  const ended = exitOf(child);
  // When the helper cannot be run at all, the status says so.
  ended.catch(() => undefined);
  const restore = settings.detached ? () => undefined : leaveSignalsTo(child);
  try {
    const outcome = await status;
    if (!outcome.ok) throw launchFailure(`exec in container ${record.name}`, outcome);
    if (!detached) return await ended;
    child.unref();
    return 0;
  } finally {
    restore();
    forget();
  }
}

function execOf(
  roots: Roots,
  record: ContainerRecord,
  settings: ExecSettings & { readonly detached: boolean },
) {
  const spec = readSpec(roots, record.id);
  const cgroup = new ContainerCgroup(spec.linux.cgroupsPath);
  const state = { version: 1, desired: "running", restartCount: 0 } as const;
  const { process: first } = readStatus(roots, record.id, state, () => false);
  if (!first) {
    throw new GantryError("not-running", `container ${record.name} is not running`);
  }
  if (cgroup.isFrozen) {
    throw new GantryError("container-paused", `container ${record.name} is paused`, {
      hint: "run `gantry unpause` first",
    });
  }
  const upper = join(containerDirectory(roots, record.id), "upper");
  const process = execProcess(spec.process, settings, [upper, ...record.image.layerDirectories]);
  const target = { ...first, spec, cgroups: cgroup.directories, ...madeBy(roots, record) };
  return prepareExec(target, process, { detached: settings.detached });
}

/** Ctrl-C reaches the whole process group: the helper passes it on, and this process stays to hear how it ends. */
function leaveSignalsTo(child: ChildProcess): () => void {
  const ignore = () => undefined;
  const passOn = () => child.kill("SIGTERM");
  process.on("SIGINT", ignore).on("SIGQUIT", ignore).on("SIGTERM", passOn);
  return () => {
    process.off("SIGINT", ignore).off("SIGQUIT", ignore).off("SIGTERM", passOn);
  };
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
