import { readIfPresent } from "../../lib/status-file.ts";

const SIGKILL = 9;
const SIGSTOP = 19;

/**
 * Whether process 1 of a namespace can get to see a signal: one that it neither catches nor blocks (and may take from
 * a signalfd) is dropped by the kernel, as nothing else may end an init. Any other process (one that shares a pid
 * namespace) is ended by it.
 */
export function canHandleStopSignal(pid: number, signal: number): boolean {
  const status = readIfPresent(`/proc/${pid}/status`);
  return status === undefined || canHandleSignal(status, signal);
}

/** The same from the text of proc_pid_status(5). */
export function canHandleSignal(status: string, signal: number): boolean {
  const isInit = /^NSpid:.*\s1$/m.test(status);
  if (!isInit || signal === SIGKILL || signal === SIGSTOP) return true;
  const bit = 1n << BigInt(signal - 1);
  return ["SigCgt", "SigBlk"].some((field) => {
    const mask = new RegExp(`^${field}:\\s+([0-9a-f]+)$`, "m").exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & bit) !== 0n;
  });
}
