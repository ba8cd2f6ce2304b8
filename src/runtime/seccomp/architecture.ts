import { AARCH64_SYSCALLS } from "./syscalls-aarch64.ts";
import { I386_SYSCALLS } from "./syscalls-i386.ts";
import { X86_64_SYSCALLS } from "./syscalls-x86-64.ts";

/** One system call interface as seccomp sees it: the audit number (linux/audit.h) and its calls by name. */
export type Architecture = {
  readonly name: string;
  readonly auditNumber: number;
  readonly syscalls: ReadonlyMap<string, number>;
};

const X86_64: Architecture = {
  name: "SCMP_ARCH_X86_64",
  auditNumber: 0xc000003e,
  syscalls: parseTable(X86_64_SYSCALLS),
};
const I386: Architecture = {
  name: "SCMP_ARCH_X86",
  auditNumber: 0x40000003,
  syscalls: parseTable(I386_SYSCALLS),
};
const AARCH64: Architecture = {
  name: "SCMP_ARCH_AARCH64",
  auditNumber: 0xc00000b7,
  syscalls: parseTable(AARCH64_SYSCALLS),
};

/** The interfaces a program may use on a machine, by Node's name of it (process.arch); the native one first. */
export function architecturesOf(machine: string): readonly Architecture[] {
  return machine === "arm64" ? [AARCH64] : [X86_64, I386];
}

/** The interface with the specification's name, if we know its calls. */
export function architectureNamed(name: string): Architecture | undefined {
  return [X86_64, I386, AARCH64].find((architecture) => architecture.name === name);
}

/** A table is a sequence of words: a number sets the counter, a name takes the number and moves it on. */
function parseTable(text: string): Map<string, number> {
  const table = new Map<string, number>();
  let next = 0;
  for (const word of text.trim().split(/\s+/)) {
    if (/^\d+$/.test(word)) next = Number(word);
    else table.set(word, next++);
  }
  return table;
}
