import type { Op } from "../../lib/launch-plan/index.ts";
import { capabilityMask } from "../spec/capabilities.ts";
import type { OciProcess } from "../spec/oci-spec.ts";
import { rlimitNumber } from "../spec/rlimits.ts";

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

/** Who the program is: groups, user, capabilities, in the order the kernel allows. */
export function credentialOps({ user, capabilities, noNewPrivileges }: OciProcess): Op[] {
  return [
    { op: "groups", gids: user.additionalGids },
    { op: "user", uid: user.uid, gid: user.gid },
    {
      op: "capabilities",
      bounding: capabilityMask(capabilities.bounding),
      effective: capabilityMask(capabilities.effective),
      permitted: capabilityMask(capabilities.permitted),
      inheritable: capabilityMask(capabilities.inheritable),
      ambient: capabilityMask(capabilities.ambient),
    },
    ...(noNewPrivileges ? [{ op: "no_new_privs" } satisfies Op] : []),
  ];
}
