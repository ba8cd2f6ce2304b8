import { GantryError } from "../../lib/diagnostic.ts";

/** All capabilities by number: the index is the bit (capabilities(7), linux/capability.h). */
export const CAPABILITIES: readonly string[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_KILL",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETPCAP",
  "CAP_LINUX_IMMUTABLE",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_BROADCAST",
  "CAP_NET_ADMIN",
  "CAP_NET_RAW",
  "CAP_IPC_LOCK",
  "CAP_IPC_OWNER",
  "CAP_SYS_MODULE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_CHROOT",
  "CAP_SYS_PTRACE",
  "CAP_SYS_PACCT",
  "CAP_SYS_ADMIN",
  "CAP_SYS_BOOT",
  "CAP_SYS_NICE",
  "CAP_SYS_RESOURCE",
  "CAP_SYS_TIME",
  "CAP_SYS_TTY_CONFIG",
  "CAP_MKNOD",
  "CAP_LEASE",
  "CAP_AUDIT_WRITE",
  "CAP_AUDIT_CONTROL",
  "CAP_SETFCAP",
  "CAP_MAC_OVERRIDE",
  "CAP_MAC_ADMIN",
  "CAP_SYSLOG",
  "CAP_WAKE_ALARM",
  "CAP_BLOCK_SUSPEND",
  "CAP_AUDIT_READ",
  "CAP_PERFMON",
  "CAP_BPF",
  "CAP_CHECKPOINT_RESTORE",
];

/** What Docker gives an unprivileged container: enough for images that change user, bind low ports, own files. */
export const DEFAULT_CAPABILITIES: readonly string[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FSETID",
  "CAP_FOWNER",
  "CAP_MKNOD",
  "CAP_NET_RAW",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETFCAP",
  "CAP_SETPCAP",
  "CAP_NET_BIND_SERVICE",
  "CAP_SYS_CHROOT",
  "CAP_KILL",
  "CAP_AUDIT_WRITE",
];

/**
 * The container's capabilities in Docker's order of decision: privileged gives all; ALL in `add` starts from all,
 * ALL in `drop` from none; then the named ones are dropped and added. Sorted by number.
 */
export function chooseCapabilities(choice: {
  readonly privileged: boolean;
  readonly add: readonly string[];
  readonly drop: readonly string[];
}): string[] {
  if (choice.privileged) return [...CAPABILITIES];
  const add = choice.add.map(normalise);
  const drop = choice.drop.map(normalise);
  const chosen = new Set(startingSet(add, drop));
  for (const name of drop) chosen.delete(name);
  for (const name of add) chosen.add(name);
  return CAPABILITIES.filter((name) => chosen.has(name));
}

/** Bit mask of named capabilities, as the kernel and the launch plan want it. */
export function capabilityMask(names: readonly string[]): bigint {
  return names.reduce((mask, name) => mask | (1n << BigInt(CAPABILITIES.indexOf(name))), 0n);
}

function startingSet(add: readonly string[], drop: readonly string[]): readonly string[] {
  if (add.includes("ALL")) return CAPABILITIES;
  return drop.includes("ALL") ? [] : DEFAULT_CAPABILITIES;
}

function normalise(given: string): string {
  const upper = given.toUpperCase();
  if (upper === "ALL") return upper;
  const name = upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  if (CAPABILITIES.includes(name)) return name;
  throw new GantryError("unknown-capability", `unknown capability "${given}"`, {
    hint: "capabilities(7) lists them; the prefix CAP_ may be left out",
  });
}
