import { signalName } from "../../lib/signal.ts";
import type { ContainerRecord } from "../../runtime/index.ts";
import type { Clock, RunningProgram, RuntimeDoor } from "./runtime-door.ts";

export type StopOptions = {
  /** Why it is stopped. */
  readonly why: string;
  /** Seconds; absent: the container's own grace period; negative: wait for ever. */
  readonly timeout?: number;
  /** Told when it is killed rather than stopped, and why. */
  readonly onKill: (why: string, hint?: string) => void;
};

/** What is stopped; every signal it is sent is told with its reason. */
export type StoppedProgram = Pick<RunningProgram, "pid" | "ended"> & {
  readonly send: (signal: number, why: string) => void;
};

const SIGKILL = 9;

/** Ends a program: its stop signal, its time of grace, then SIGKILL. Resolves when it has ended. */
export async function stopProgram(
  record: ContainerRecord,
  program: StoppedProgram,
  { timeout, onKill, why }: StopOptions,
  door: Pick<RuntimeDoor, "canHandle">,
  clock: Clock,
): Promise<void> {
  const signal = record.stopSignal;
  if (signal !== SIGKILL && !door.canHandle(program.pid, signal)) {
    const reason = `its process 1 does not handle ${signalName(signal)}, so the kernel would not deliver it`;
    onKill(reason, "set `init: true` to have it delivered");
    program.send(SIGKILL, `${why}, and ${reason}`);
    await program.ended;
    return;
  }
  program.send(signal, why);
  const grace = timeout === undefined ? record.stopGracePeriod : timeout * 1000;
  if (await endsWithin(program, grace, clock)) return;
  const late = `it did not end within ${grace / 1000} s of ${signalName(signal)}`;
  onKill(late);
  program.send(SIGKILL, `${why}, and ${late}`);
  await program.ended;
}

async function endsWithin(
  program: Pick<RunningProgram, "ended">,
  grace: number,
  clock: Clock,
): Promise<boolean> {
  if (grace < 0) {
    await program.ended;
    return true;
  }
  let cancel: () => void = () => undefined;
  const late = new Promise<false>((resolve) => {
    cancel = clock.after(grace, () => resolve(false));
  });
  const ended = await Promise.race([program.ended.then(() => true as const), late]);
  cancel();
  return ended;
}
