import { signalName } from "../../lib/signal.ts";
import type { ContainerRecord } from "../../runtime/index.ts";
import type { Clock, RunningProgram, RuntimeDoor } from "./runtime-door.ts";

export type StopOptions = {
  /** Seconds; absent: the container's own grace period; negative: wait for ever. */
  readonly timeout?: number;
  /** Told when it is killed rather than stopped, and why. */
  readonly onKill: (why: string, hint?: string) => void;
};

const SIGKILL = 9;

/** Ends a program: its stop signal, its time of grace, then SIGKILL. Resolves when it has ended. */
export async function stopProgram(
  record: ContainerRecord,
  program: RunningProgram,
  { timeout, onKill }: StopOptions,
  door: Pick<RuntimeDoor, "canHandle">,
  clock: Clock,
): Promise<void> {
  const signal = record.stopSignal;
  if (signal !== SIGKILL && !door.canHandle(program.pid, signal)) {
    onKill(
      `its process 1 does not handle ${signalName(signal)}, so the kernel would not deliver it`,
      "set `init: true` to have it delivered",
    );
    program.signal(SIGKILL);
    await program.ended;
    return;
  }
  program.signal(signal);
  const grace = timeout === undefined ? record.stopGracePeriod : timeout * 1000;
  if (await endsWithin(program, grace, clock)) return;
  onKill(`it did not end within ${grace / 1000} s of ${signalName(signal)}`);
  program.signal(SIGKILL);
  await program.ended;
}

async function endsWithin(program: RunningProgram, grace: number, clock: Clock): Promise<boolean> {
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
