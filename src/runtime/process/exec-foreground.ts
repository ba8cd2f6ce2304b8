import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { GantryError } from "../../lib/diagnostic.ts";
import { helperPath } from "../../lib/helper-path.ts";
import { encodePlan } from "../../lib/launch-plan/index.ts";
import { containerDirectory, type Roots } from "../../lib/paths.ts";
import { ContainerCgroup } from "../cgroup/container-cgroup.ts";
import type { ContainerRecord } from "../contract.ts";
import { readStatus } from "../store/container-status.ts";
import { readSpec } from "../store/container-store.ts";
import { execPlan } from "./exec-plan.ts";
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
  const stdio = settings.detached ? "ignore" : "inherit";
  const child = spawn(helperPath(), ["launch"], {
    stdio: [stdio, stdio, stdio, "pipe", "pipe"],
    detached: settings.detached,
  });
  const ended = exitOf(child);
  const input = child.stdio[3] as Writable;
  // A helper that refuses the plan closes its end early; its status line tells why.
  input.on("error", () => undefined);
  input.end(encodePlan(planOf(roots, record, settings)));
  const restore = settings.detached ? () => undefined : leaveSignalsTo(child);
  try {
    const status = await textOf(child.stdio[4] as Readable);
    if (!status.startsWith("ok ")) throw execFailure(record.name, status, await ended);
    if (!settings.detached) return await ended;
    child.unref();
    return 0;
  } finally {
    restore();
  }
}

function planOf(roots: Roots, record: ContainerRecord, settings: ExecSettings) {
  const spec = readSpec(roots, record.id);
  const cgroup = new ContainerCgroup(spec.linux.cgroupsPath);
  const state = { version: 1, desired: "running", restartCount: 0 } as const;
  const { process: first } = readStatus(roots, record.id, state, () => false);
  if (!first) {
    throw new GantryError("not-running", `container ${record.name} is not running`);
  }
  const upper = join(containerDirectory(roots, record.id), "upper");
  const process = execProcess(spec.process, settings, [upper, ...record.image.layerDirectories]);
  return execPlan({ ...first, spec, cgroups: cgroup.directories }, process);
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

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text.trim();
}

function execFailure(name: string, status: string, exitCode: number): GantryError {
  const match = /^failed (\S+) (\S+) \d+ (.*?): (.*)$/.exec(status);
  if (!match) {
    return new GantryError("exec-failed", `container ${name}: the helper ended without a word`, { exitCode });
  }
  const [, operation, errno, subject, text] = match;
  const what = operation === "exec" ? `cannot run ${subject}` : `${operation} ${subject}`;
  return new GantryError("exec-failed", `container ${name}: ${what}: ${text} (${errno})`, { exitCode });
}
