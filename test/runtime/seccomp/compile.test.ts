import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { architectureNamed } from "../../../src/runtime/seccomp/architecture.ts";
import { compileSeccomp } from "../../../src/runtime/seccomp/compile.ts";
import { parseProfile } from "../../../src/runtime/seccomp/parse-profile.ts";
import { runFilter } from "./bpf-interpreter.ts";

const ALLOW = 0x7fff0000;
const DENY = 0x00050001;
const { auditNumber, syscalls } = architectureNamed("SCMP_ARCH_X86_64")!;

function askWith(op: string, value: number, given: bigint, valueTwo?: number) {
  const program = compileSeccomp({
    defaultAction: "SCMP_ACT_ERRNO",
    architectures: ["SCMP_ARCH_X86_64"],
    syscalls: [{ names: ["read"], action: "SCMP_ACT_ALLOW", args: [{ index: 2, value, valueTwo, op }] }],
  });
  return runFilter(program, { architecture: auditNumber, number: 0, args: [0n, 0n, given] }) === ALLOW;
}

const compare: Record<string, (given: bigint, value: bigint) => boolean> = {
  SCMP_CMP_EQ: (given, value) => given === value,
  SCMP_CMP_NE: (given, value) => given !== value,
  SCMP_CMP_LT: (given, value) => given < value,
  SCMP_CMP_LE: (given, value) => given <= value,
  SCMP_CMP_GT: (given, value) => given > value,
  SCMP_CMP_GE: (given, value) => given >= value,
};

describe("comparisons of arguments", () => {
  test.each(Object.keys(compare))("%s is that of unsigned 64-bit numbers", (op) => {
    const number = fc.bigInt({ min: 0n, max: BigInt(Number.MAX_SAFE_INTEGER) });
    const near = fc.tuple(number, fc.constantFrom(-(1n << 32n), -1n, 0n, 1n, 1n << 32n));
    fc.assert(
      fc.property(near, ([value, distance]) => {
        const given = value + distance < 0n ? 0n : value + distance;
        expect(askWith(op, Number(value), given)).toBe(compare[op]!(given, value));
      }),
    );
  });

  test("SCMP_CMP_MASKED_EQ compares the masked bits only", () => {
    expect(askWith("SCMP_CMP_MASKED_EQ", 0xf0, 0x1fn, 0x10)).toBe(true);
    expect(askWith("SCMP_CMP_MASKED_EQ", 0xf0, 0x2fn, 0x10)).toBe(false);
  });

  test("all arguments of a rule must match, any of several rules may", () => {
    const argument = (index: number, value: number) => ({ index, value, op: "SCMP_CMP_EQ" });
    const program = compileSeccomp({
      defaultAction: "SCMP_ACT_ERRNO",
      architectures: ["SCMP_ARCH_X86_64"],
      syscalls: [
        { names: ["read"], action: "SCMP_ACT_ALLOW", args: [argument(0, 1), argument(1, 2)] },
        { names: ["read"], action: "SCMP_ACT_ALLOW", args: [argument(0, 7)] },
      ],
    });
    const askOf = (...args: bigint[]) => runFilter(program, { architecture: auditNumber, number: 0, args });
    expect([askOf(1n, 2n), askOf(7n, 0n), askOf(1n, 3n), askOf(2n, 2n)]).toEqual([ALLOW, ALLOW, DENY, DENY]);
  });
});

test("any set of allowed calls is decided exactly, whatever the jumps' lengths", () => {
  const names = [...syscalls.keys()];
  fc.assert(
    fc.property(fc.subarray(names), (allowed) => {
      const program = compileSeccomp({
        defaultAction: "SCMP_ACT_ERRNO",
        architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
        syscalls: [{ names: allowed, action: "SCMP_ACT_ALLOW" }],
      });
      const decided = names.filter(
        (name) => runFilter(program, { architecture: auditNumber, number: syscalls.get(name)! }) === ALLOW,
      );
      expect(decided).toEqual(allowed);
    }),
    { numRuns: 20 },
  );
});

describe("a profile of one's own", () => {
  const profile = JSON.stringify({
    defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [
      { names: ["chmod"], action: "SCMP_ACT_ERRNO", errnoRet: 13 },
      { name: "mkdir", action: "SCMP_ACT_KILL_PROCESS", excludes: { caps: ["CAP_SYS_ADMIN"] } },
      { names: ["rmdir"], action: "SCMP_ACT_ERRNO", includes: { arches: ["arm64"] } },
    ],
  });
  const ask = (name: string, capabilities: string[] = []) =>
    runFilter(compileSeccomp(parseProfile(profile, capabilities, "x64")), {
      architecture: auditNumber,
      number: syscalls.get(name)!,
    });

  test("is honoured with its conditions", () => {
    expect(ask("chmod")).toBe(0x0005000d);
    expect(ask("mkdir")).toBe(0x80000000);
    expect(ask("mkdir", ["CAP_SYS_ADMIN"])).toBe(ALLOW);
    expect(ask("rmdir")).toBe(ALLOW);
  });

  test.each([
    ["is not JSON", "{"],
    ["has no defaultAction", "{}"],
    ['unknown action "SCMP_ACT_NAP"', '{"defaultAction":"SCMP_ACT_NAP"}'],
    [
      'unknown comparison "LIKE"',
      '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG","args":[{"index":0,"value":1,"op":"LIKE"}]}]}',
    ],
  ])("%s: refused before a container is made", (message, text) => {
    expect(() => parseProfile(text, [], "x64")).toThrowError(message);
  });
});
