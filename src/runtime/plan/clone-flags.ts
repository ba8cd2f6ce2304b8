import type { OciNamespaceType } from "../spec/oci-spec.ts";

/** CLONE_NEW* of clone(2), setns(2) and unshare(2) by the runtime-spec's names. */
export const CLONE: Readonly<Record<OciNamespaceType, bigint>> = {
  mount: 0x20000n,
  cgroup: 0x2000000n,
  uts: 0x4000000n,
  ipc: 0x8000000n,
  user: 0x10000000n,
  pid: 0x20000000n,
  network: 0x40000000n,
};
