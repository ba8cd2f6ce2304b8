import type { OciSeccomp, OciSeccompRule } from "../spec/oci-spec.ts";
import { architecturesOf } from "./architecture.ts";
import { closedSyscalls } from "./closed-syscalls.ts";

const EPERM = 1;
const ENOSYS = 38;
const AF_ALG = 38;
const AF_VSOCK = 40;
/** Execution domains a program may switch to (personality(2)): Linux, UNAME26, and asking for the present one. */
const PERSONALITIES = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];
/** CLONE_NEW* of clone(2): namespace, cgroup, uts, ipc, user, pid and network. */
const NEW_NAMESPACES = 0x7e020000;

/** The default filter for a container with these capabilities on this machine (process.arch). */
export function defaultSeccomp(capabilities: readonly string[], machine: string): OciSeccomp {
  const architectures = architecturesOf(machine);
  const known = new Set(architectures.flatMap(({ syscalls }) => [...syscalls.keys()]));
  const closed = closedSyscalls(capabilities);
  const maySetUpNamespaces = capabilities.includes("CAP_SYS_ADMIN");
  const conditional = ["personality", "socket", ...(maySetUpNamespaces ? [] : ["clone"])];
  const names = [...known].filter((name) => !closed.has(name) && !conditional.includes(name));
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: EPERM,
    architectures: architectures.map(({ name }) => name),
    syscalls: [
      { names: names.sort(), action: "SCMP_ACT_ALLOW" },
      ...PERSONALITIES.map((value) => allowWhen("personality", "SCMP_CMP_EQ", value)),
      // Neither the kernel's crypto sockets nor the hypervisor's: both reach beyond the network namespace.
      allowWhen("socket", "SCMP_CMP_LT", AF_ALG),
      allowWhen("socket", "SCMP_CMP_EQ", AF_ALG + 1),
      allowWhen("socket", "SCMP_CMP_GT", AF_VSOCK),
      ...(maySetUpNamespaces ? [] : withoutNewNamespaces),
    ],
  };
}

/**
 * clone(2) without new namespaces. The flags of clone3(2) lie in memory, where a filter cannot look: it seems not
 * to exist, and C libraries fall back to clone(2).
 */
const withoutNewNamespaces: readonly OciSeccompRule[] = [
  {
    names: ["clone"],
    action: "SCMP_ACT_ALLOW",
    args: [{ index: 0, value: NEW_NAMESPACES, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
  },
  { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
];

function allowWhen(name: string, op: string, value: number): OciSeccompRule {
  return { names: [name], action: "SCMP_ACT_ALLOW", args: [{ index: 0, value, op }] };
}
