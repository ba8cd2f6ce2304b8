import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { atomicWrite } from "../../lib/atomic-write.ts";
import { monotonicNow } from "../../lib/monotonic.ts";
import { projectDirectory, type Roots } from "../../lib/paths.ts";
import { isAlive, type ProcessIdentity } from "../../lib/process-identity.ts";
import { readIfPresent } from "../../lib/status-file.ts";

/** When an environment is to be taken down by itself. */
export type Binding = {
  /** With the end of this process. */
  readonly owner?: ProcessIdentity;
  /** At this time. */
  readonly deadline?: Deadline;
  /** Named volumes go too: it is a copy that nobody comes back to. */
  readonly volumes: boolean;
};

/** The wall clock may be set: within one boot the monotonic clock counts. */
type Deadline = { readonly time: number; readonly boot: string; readonly monotonic: number };

/** What an `up` says about it: how long from now, until whose end. */
export type BindingRequest = {
  /** Milliseconds; 0: for ever. */
  readonly ttl?: number;
  readonly owner?: ProcessIdentity;
  readonly volumes: boolean;
};

/** The binding that a request means now; undefined when it asks for none. */
export function bindingOf({ ttl, owner, volumes }: BindingRequest): Binding | undefined {
  const deadline = ttl === undefined || ttl === 0 ? undefined : deadlineIn(ttl);
  if (!deadline && !owner) return undefined;
  return { volumes, ...(owner && { owner }), ...(deadline && { deadline }) };
}

/** Milliseconds until the deadline, 0 when it is over; undefined without one. */
export function timeLeft({ deadline }: Binding): number | undefined {
  if (!deadline) return undefined;
  const isSameBoot = deadline.boot === bootId();
  return Math.max(0, isSameBoot ? deadline.monotonic - monotonicNow() : deadline.time - Date.now());
}

/** Why the environment should be gone by now; undefined while it should not. */
export function expiryOf(binding: Binding): string | undefined {
  if (timeLeft(binding) === 0) return "its time is over";
  const { owner } = binding;
  return owner && !isAlive(owner) ? `its owner, process ${owner.pid}, has ended` : undefined;
}

export const bindingPath = (roots: Roots, project: string) =>
  join(projectDirectory(roots, project), "binding");

/** The binding of a project, if it has one. One that cannot be read counts for none: nothing is taken down by mistake. */
export function readBinding(roots: Roots, project: string): Binding | undefined {
  const text = readIfPresent(bindingPath(roots, project));
  if (text === undefined) return undefined;
  try {
    const document = JSON.parse(text) as Binding & { readonly version: number };
    return document.version === 1 ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the binding down, before there is anything it could be about; undefined takes it away. */
export async function writeBinding(
  roots: Roots,
  project: string,
  binding: Binding | undefined,
): Promise<void> {
  const path = bindingPath(roots, project);
  if (!binding) return rmSync(path, { force: true });
  mkdirSync(projectDirectory(roots, project), { recursive: true, mode: 0o700 });
  await atomicWrite(path, `${JSON.stringify({ version: 1, ...binding })}\n`);
}

const deadlineIn = (milliseconds: number): Deadline => ({
  time: Date.now() + milliseconds,
  boot: bootId(),
  monotonic: monotonicNow() + milliseconds,
});

const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
