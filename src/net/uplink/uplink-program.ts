import { dirname } from "node:path";
import type { Op } from "../../lib/launch-plan/index.ts";

/** It takes some 20 ms; on a machine that is busy or offline nobody should wait much longer. */
const WAIT_MS = 3000;
const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 30_000;

/**
 * The helper hands the project namespace over as standard input: the path that a program, which joins a namespace by
 * name, is to be given.
 */
export const NAMESPACE_PATH = "/proc/self/fd/0";

/** A program that makes the link `uplink` in the project namespace and writes to `readyPath` when it has. */
export const uplinkProgram = (program: string, argv: readonly string[], readyPath: string): Op => ({
  op: "uplink_program",
  argv,
  env: [`PATH=${dirname(program)}`],
  readyPath,
  waitMs: WAIT_MS,
  restartMinMs: RESTART_MIN_MS,
  restartMaxMs: RESTART_MAX_MS,
});
