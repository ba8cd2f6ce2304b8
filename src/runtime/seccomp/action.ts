import { GantryError } from "../../lib/diagnostic.ts";

const EPERM = 1;
const ERRNO_BASE = 0x00050000;

/** Return values of a filter (linux/seccomp.h). */
const ACTIONS: Readonly<Record<string, number>> = {
  SCMP_ACT_KILL: 0x00000000,
  SCMP_ACT_KILL_THREAD: 0x00000000,
  SCMP_ACT_KILL_PROCESS: 0x80000000,
  SCMP_ACT_TRAP: 0x00030000,
  SCMP_ACT_ERRNO: ERRNO_BASE,
  SCMP_ACT_TRACE: 0x7ff00000,
  SCMP_ACT_LOG: 0x7ffc0000,
  SCMP_ACT_ALLOW: 0x7fff0000,
};

/** The filter's return value for an action of the runtime-spec; ERRNO and TRACE carry a number, EPERM by default. */
export function actionValue(rule: { readonly action: string; readonly errnoRet?: number }): number {
  const value = ACTIONS[rule.action];
  if (value === undefined) {
    throw new GantryError(
      "bad-seccomp-profile",
      `the seccomp profile has an unknown action "${rule.action}"`,
    );
  }
  const carriesNumber = rule.action === "SCMP_ACT_ERRNO" || rule.action === "SCMP_ACT_TRACE";
  return carriesNumber ? value + ((rule.errnoRet ?? EPERM) & 0xffff) : value;
}

export const errnoValue = (errno: number) => ERRNO_BASE + errno;
