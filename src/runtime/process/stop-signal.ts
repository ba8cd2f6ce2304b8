import { readFileSync } from "node:fs";

const SIGKILL = 9;
const SIGSTOP = 19;

/**
 * Whether process 1 of a namespace can get to see a signal: one that it neither catches nor blocks (and may take from
 * a signalfd) is dropped by the kernel, as nothing else may end an init. Any other process (one that shares a pid
 * namespace) is ended by it.
 */
export function canHandleStopSignal(pid: number, signal: number): boolean {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "latin1");
  } catch {
    return true;
  }
  const isInit = /^NSpid:.*\s1$/m.test(status);
  if (!isInit || signal === SIGKILL || signal === SIGSTOP) return true;
  const bit = 1n << BigInt(signal - 1);
  return ["SigCgt", "SigBlk"].some((field) => {
    const mask = new RegExp(`^${field}:\\s+([0-9a-f]+)$`, "m").exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & bit) !== 0n;
  });
}
