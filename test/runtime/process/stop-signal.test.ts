import { expect, test } from "vitest";
import { canHandleSignal } from "../../../src/runtime/process/stop-signal.ts";

/** The lines of /proc/PID/status that matter; bit 14 is SIGTERM. */
const status = (NSpid: string, SigBlk = "0", SigCgt = "0") =>
  `Name:\tx\nNSpid:\t${NSpid}\nSigBlk:\t${SigBlk.padStart(16, "0")}\nSigCgt:\t${SigCgt.padStart(16, "0")}\n`;
const SIGTERM = 15;

test.each([
  ["process 1 without handler is deaf", status("4711\t1"), SIGTERM, false],
  ["process 1 with a handler hears", status("4711\t1", "0", "4000"), SIGTERM, true],
  ["process 1 that takes it from a signalfd hears", status("4711\t1", "4000"), SIGTERM, true],
  ["a handler for another signal does not help", status("4711\t1", "0", "2000"), SIGTERM, false],
  ["any other process is ended by it", status("4711\t2"), SIGTERM, true],
  ["a process of the host is ended by it", status("4711"), SIGTERM, true],
  ["nobody is deaf to SIGKILL", status("4711\t1"), 9, true],
])("%s", (_title, text, signal, expected) => {
  expect(canHandleSignal(text, signal)).toBe(expected);
});
