import { binarySize } from "../../lib/byte-size.ts";
import { signalName } from "../../lib/signal.ts";
import type { ExitRecord, Health } from "../../runtime/index.ts";
import type { Cause } from "../protocol.ts";
import type { RestartDecision } from "./restart-decision.ts";

/** The last signal the supervisor has sent, and why. */
export type SentSignal = { readonly signal: number; readonly why: string };

export type Ended = {
  /** Absent when its monitor was killed, so that nobody knows. */
  readonly exit: ExitRecord | undefined;
  readonly sent: SentSignal | undefined;
  /** Bytes. */
  readonly memory: { readonly limit?: number | undefined; readonly peak?: number | undefined } | undefined;
  readonly health: Health | undefined;
  readonly decision: RestartDecision;
};

/** Why a container ended, and what follows from that. */
export function endCause({ sent: last, ...known }: Ended): Cause {
  const { exit, memory, health, decision } = known;
  // What it outlived is not what ended it.
  const sent = last && (!exit || exit.signal === 0 || exit.signal === last.signal) ? last : undefined;
  const ended = { ...known, sent };
  const unhealthy = health?.status === "unhealthy" && !sent ? "; it was unhealthy" : "";
  return {
    text: `${howItEnded(ended)}${unhealthy}; ${whatFollows(decision)}`,
    data: {
      ...(exit && { exitCode: exit.code }),
      ...(exit && exit.signal > 0 && { signal: signalName(exit.signal) }),
      ...(sent && { sent: signalName(sent.signal), sentBecause: sent.why }),
      ...(exit?.oom && { outOfMemory: { limit: memory?.limit, peak: memory?.peak } }),
      ...(health && { health: health.status }),
      restarts: decision.restart,
      policy: decision.cause,
    },
  };
}

function howItEnded({ exit, sent, memory }: Ended): string {
  if (!exit) return "its monitor was killed, and the container with it";
  const signal = exit.signal > 0 ? signalName(exit.signal) : undefined;
  if (exit.oom) return `${outOfMemory(memory)}, and it ended with ${signal ?? `exit code ${exit.code}`}`;
  if (sent) {
    const end = signal === undefined ? `it ended with exit code ${exit.code} after` : "it was ended by";
    return `${end} ${signalName(sent.signal)}: ${sent.why}`;
  }
  if (signal !== undefined) return `it was ended by ${signal}, which gantry did not send`;
  return `it ended by itself with exit code ${exit.code}`;
}

function outOfMemory(memory: Ended["memory"]): string {
  const figures = [
    ...(memory?.limit === undefined ? [] : [`limit ${binarySize(memory.limit)}`]),
    ...(memory?.peak === undefined ? [] : [`peak ${binarySize(memory.peak)}`]),
  ];
  const known = figures.length > 0 ? ` (${figures.join(", ")})` : "";
  return `the kernel killed a process of it for want of memory${known}`;
}

function whatFollows(decision: RestartDecision): string {
  if (!decision.restart) return `it stays down: ${decision.cause}`;
  const { delay, count } = decision.memory;
  return `it starts again in ${delay / 1000} s: ${decision.cause}, restart ${count}`;
}
