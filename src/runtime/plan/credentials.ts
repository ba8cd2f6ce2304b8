import type { Op } from "../../lib/launch-plan/index.ts";
import { userNamespace } from "../../lib/user-namespace.ts";
import { programOf } from "../seccomp/program-of.ts";
import { capabilityMask } from "../spec/capabilities.ts";
import type { OciProcess, OciSeccomp } from "../spec/oci-spec.ts";
import { rlimitNumber } from "../spec/rlimits.ts";
import { availableCapabilities } from "./available-capabilities.ts";

const UNLIMITED = 0xffff_ffff_ffff_ffffn;

/** Limits and the badness of the program, while it may still set them. */
export function rlimitOps({ rlimits, oomScoreAdj }: OciProcess): Op[] {
  const value = (limit: number) => (limit === -1 ? UNLIMITED : BigInt(limit));
  return [
    ...rlimits.map(
      ({ type, soft, hard }): Op => ({
        op: "rlimit",
        resource: rlimitNumber(type),
        soft: value(soft),
        hard: value(hard),
      }),
    ),
    ...(oomScoreAdj === undefined ? [] : [{ op: "oom_score_adj", value: oomScoreAdj } satisfies Op]),
  ];
}

/**
 * Who the program is and what it may ask of the kernel: filter, groups, user, capabilities, in the order the kernel
 * allows. Without no_new_privs only the full capabilities of the helper may install a filter; with it the filter
 * comes last, so that it need not allow what sets up the others.
 */
export function credentialOps(
  { user, capabilities, noNewPrivileges }: OciProcess,
  filter: OciSeccomp | undefined,
): Op[] {
  const seccomp: Op[] = filter ? [{ op: "seccomp", flags: 0n, program: programOf(filter) }] : [];
  const available = availableCapabilities();
  const mask = (names: readonly string[]) => capabilityMask(names) & available;
  return [
    ...(noNewPrivileges ? [] : seccomp),
    ...groupOps(user.additionalGids),
    { op: "user", uid: user.uid, gid: user.gid },
    {
      op: "capabilities",
      bounding: mask(capabilities.bounding),
      effective: mask(capabilities.effective),
      permitted: mask(capabilities.permitted),
      inheritable: mask(capabilities.inheritable),
      ambient: mask(capabilities.ambient),
    },
    ...(noNewPrivileges ? [{ op: "no_new_privs" } satisfies Op, ...seccomp] : []),
  ];
}

/** Where groups may not be set a program keeps those of the user, who could not give them up either. */
function groupOps(gids: readonly number[]): Op[] {
  return gids.length === 0 && !userNamespace().maySetGroups ? [] : [{ op: "groups", gids }];
}
