import { checkCgroups } from "./cgroup-check.ts";
import type { Check } from "./check.ts";
import { checkHelper } from "./helper-check.ts";
import { checkDisk, checkForwarding, checkResolver, checkUser } from "./host-checks.ts";
import { checkKernel, checkNamespaces, checkOverlay } from "./kernel-checks.ts";
import { checkIp, checkNft, checkNode } from "./program-checks.ts";
import { ROOTLESS_CHECKS } from "./rootless-checks.ts";

const ROOT_CHECKS: readonly Check[] = [checkCgroups, checkForwarding];

/** Everything the doctor looks at for this user, in the order of its report. */
export function checksFor(uid: number): readonly Check[] {
  return [
    checkUser,
    checkKernel,
    checkNamespaces,
    checkOverlay,
    ...(uid === 0 ? ROOT_CHECKS : ROOTLESS_CHECKS),
    checkNft,
    checkIp,
    checkHelper,
    checkNode,
    checkDisk,
    checkResolver,
  ];
}
