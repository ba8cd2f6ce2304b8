import { describe, expect, test } from "vitest";
import { architectureNamed } from "../../../src/runtime/seccomp/architecture.ts";
import { compileSeccomp } from "../../../src/runtime/seccomp/compile.ts";
import { defaultSeccomp } from "../../../src/runtime/seccomp/default-profile.ts";
import { CAPABILITIES, DEFAULT_CAPABILITIES } from "../../../src/runtime/spec/capabilities.ts";
import { runFilter } from "./bpf-interpreter.ts";

const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const KILL = 0x80000000;
const MACHINES = { x64: "SCMP_ARCH_X86_64", arm64: "SCMP_ARCH_AARCH64" } as const;

/** Asks the compiled default filter about a call by name. */
function ask(name: string, args: bigint[] = [], capabilities = DEFAULT_CAPABILITIES, interface_?: string) {
  return askOn("x64", name, args, capabilities, interface_);
}

function askOn(
  machine: keyof typeof MACHINES,
  name: string,
  args: bigint[] = [],
  capabilities = DEFAULT_CAPABILITIES,
  interface_: string = MACHINES[machine],
) {
  const architecture = architectureNamed(interface_)!;
  const number = architecture.syscalls.get(name);
  if (number === undefined) throw new Error(`${interface_} has no ${name}`);
  const program = compileSeccomp(defaultSeccomp(capabilities, machine));
  return runFilter(program, { architecture: architecture.auditNumber, number, args });
}

describe("the default filter", () => {
  test.each([
    "read",
    "execve",
    "clone3",
    "io_setup",
    "statx",
    "futex_wait",
    "mseal",
    "chroot",
    "ptrace",
    "arch_prctl",
  ])("decides %s the same on each of many compilations", (name) => {
    expect(ask(name)).toBe(name === "clone3" ? ENOSYS : ALLOW);
  });

  test.each([
    "mount",
    "umount2",
    "pivot_root",
    "setns",
    "unshare",
    "bpf",
    "reboot",
    "init_module",
    "kexec_load",
    "keyctl",
    "add_key",
    "perf_event_open",
    "open_by_handle_at",
    "io_uring_setup",
    "userfaultfd",
    "swapon",
    "settimeofday",
    "clock_settime",
    "iopl",
    "acct",
    "sethostname",
    "quotactl",
    "fsopen",
    "move_mount",
    "syslog",
    "kcmp",
    "mbind",
  ])("refuses %s", (name) => {
    expect(ask(name)).toBe(EPERM);
  });

  test.each([
    ["mount", "CAP_SYS_ADMIN"],
    ["clone3", "CAP_SYS_ADMIN"],
    ["setns", "CAP_SYS_ADMIN"],
    ["reboot", "CAP_SYS_BOOT"],
    ["finit_module", "CAP_SYS_MODULE"],
    ["open_by_handle_at", "CAP_DAC_READ_SEARCH"],
    ["bpf", "CAP_BPF"],
    ["perf_event_open", "CAP_PERFMON"],
    ["syslog", "CAP_SYSLOG"],
    ["kcmp", "CAP_SYS_PTRACE"],
    ["iopl", "CAP_SYS_RAWIO"],
    ["clock_settime", "CAP_SYS_TIME"],
    ["vhangup", "CAP_SYS_TTY_CONFIG"],
    ["mbind", "CAP_SYS_NICE"],
    ["acct", "CAP_SYS_PACCT"],
  ])("allows %s to a container with %s", (name, capability) => {
    expect(ask(name)).not.toBe(ALLOW);
    expect(ask(name, [], [...DEFAULT_CAPABILITIES, capability])).toBe(ALLOW);
  });

  test("refuses chroot to a container that dropped CAP_SYS_CHROOT", () => {
    expect(ask("chroot", [], [])).toBe(EPERM);
  });

  test("never opens keyrings, kexec and swap, whatever the capabilities", () => {
    for (const name of ["keyctl", "kexec_load", "swapon", "pivot_root"]) {
      expect(ask(name, [], CAPABILITIES)).toBe(EPERM);
    }
  });

  test("answers ENOSYS to calls newer than itself, and to x32", () => {
    const program = compileSeccomp(defaultSeccomp(DEFAULT_CAPABILITIES, "x64"));
    const { auditNumber } = architectureNamed("SCMP_ARCH_X86_64")!;
    for (const number of [470, 1000, 0x40000000, 0x40000001, 0xffffffff]) {
      expect(runFilter(program, { architecture: auditNumber, number })).toBe(ENOSYS);
    }
  });

  test("kills a call of an interface it does not know", () => {
    const program = compileSeccomp(defaultSeccomp(DEFAULT_CAPABILITIES, "x64"));
    expect(runFilter(program, { architecture: 0xc00000b7, number: 0 })).toBe(KILL);
  });

  test("filters 32-bit programs by their own numbers", () => {
    // 11 is execve for i386 and munmap for x86-64; 21 is mount for i386 and access for x86-64.
    expect(ask("execve", [], DEFAULT_CAPABILITIES, "SCMP_ARCH_X86")).toBe(ALLOW);
    expect(ask("mount", [], DEFAULT_CAPABILITIES, "SCMP_ARCH_X86")).toBe(EPERM);
    expect(ask("socketcall", [], DEFAULT_CAPABILITIES, "SCMP_ARCH_X86")).toBe(ALLOW);
  });

  test("knows aarch64", () => {
    expect(askOn("arm64", "openat")).toBe(ALLOW);
    expect(askOn("arm64", "mount")).toBe(EPERM);
    expect(askOn("arm64", "clone3")).toBe(ENOSYS);
    expect(askOn("arm64", "clone", [0x10000000n])).toBe(EPERM);
  });
});

describe("arguments", () => {
  test.each([
    ["a thread", 0x3d0f00n, ALLOW],
    ["a child", 17n, ALLOW],
    ["a mount namespace", 0x20000n, EPERM],
    ["a user namespace", 0x10000000n | 17n, EPERM],
    ["a network namespace", 0x40000000n, EPERM],
    ["a cgroup namespace", 0x2000000n, EPERM],
  ])("clone for %s", (_what, flags, expected) => {
    expect(ask("clone", [flags])).toBe(expected);
  });

  test("clone for any namespace with CAP_SYS_ADMIN", () => {
    expect(ask("clone", [0x7e020000n], CAPABILITIES)).toBe(ALLOW);
  });

  test.each([
    [0x0n, ALLOW],
    [0x8n, ALLOW],
    [0x20000n, ALLOW],
    [0x20008n, ALLOW],
    [0xffffffffn, ALLOW],
    [0x40000n, EPERM],
    [0x1_0000_0008n, EPERM],
  ])("personality %d", (persona, expected) => {
    expect(ask("personality", [persona])).toBe(expected);
  });

  test.each([
    ["AF_UNIX", 1n, ALLOW],
    ["AF_INET", 2n, ALLOW],
    ["AF_NETLINK", 16n, ALLOW],
    ["AF_ALG", 38n, EPERM],
    ["AF_NFC", 39n, ALLOW],
    ["AF_VSOCK", 40n, EPERM],
    ["AF_KCM", 41n, ALLOW],
    ["a family beyond 32 bits", 0x1_0000_0028n, ALLOW],
  ])("socket of %s", (_name, family, expected) => {
    expect(ask("socket", [family])).toBe(expected);
  });
});
