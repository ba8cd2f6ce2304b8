import { readdirSync, readFileSync } from "node:fs";
import { readIfPresent } from "../../lib/status-file.ts";

const SIGKILL = 9;
const SIGSTOP = 19;

/** rt_sigtimedwait by its numbers on x86-64, arm64 and 32-bit x86 (with and without 64-bit time). */
const WAITING_FOR_SIGNALS = new Set(["128", "137", "177", "421"]);

/**
 * Whether process 1 of a namespace can get to see a signal: one that it neither catches nor blocks (and may take from
 * a signalfd) is dropped by the kernel, as nothing else may end an init. While a thread waits in sigwait(3), as small
 * inits do all the time, the signals it waits for are shown as not blocked: it hears them all the same. Any other
 * process (one that shares a pid namespace) is ended by it. What cannot be found out counts as heard.
 */
export function canHandleStopSignal(pid: number, signal: number): boolean {
  const status = readIfPresent(`/proc/${pid}/status`);
  return status === undefined || canHandleSignal(status, signal) || waitsForSignals(pid);
}

function waitsForSignals(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => {
      const call = readFileSync(`/proc/${pid}/task/${thread}/syscall`, "latin1");
      return WAITING_FOR_SIGNALS.has(call.split(" ", 1)[0]!);
    });
  } catch {
    return true;
  }
}

/** The first part of it, from the text of proc_pid_status(5). */
export function canHandleSignal(status: string, signal: number): boolean {
  const isInit = /^NSpid:.*\s1$/m.test(status);
  if (!isInit || signal === SIGKILL || signal === SIGSTOP) return true;
  const bit = 1n << BigInt(signal - 1);
  return ["SigCgt", "SigBlk"].some((field) => {
    const mask = new RegExp(`^${field}:\\s+([0-9a-f]+)$`, "m").exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & bit) !== 0n;
  });
}
