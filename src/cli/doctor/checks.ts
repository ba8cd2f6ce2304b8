import { checkCgroups } from "./cgroup-check.ts";
import type { Check } from "./check.ts";
import { checkHelper } from "./helper-check.ts";
import { checkDisk, checkForwarding, checkResolver, checkUser } from "./host-checks.ts";
import { checkKernel, checkNamespaces, checkOverlay } from "./kernel-checks.ts";
import { checkIp, checkNft, checkNode } from "./program-checks.ts";

/** Everything the doctor looks at, in the order of its report. */
export const CHECKS: readonly Check[] = [
  checkUser,
  checkKernel,
  checkNamespaces,
  checkOverlay,
  checkCgroups,
  checkNft,
  checkIp,
  checkForwarding,
  checkHelper,
  checkNode,
  checkDisk,
  checkResolver,
];
