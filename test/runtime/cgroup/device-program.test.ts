import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceProgram } from "../../../src/runtime/cgroup/device-program.ts";
import { allowsEveryDevice, deviceWrites } from "../../../src/runtime/cgroup/device-rules.ts";
import { buildDevices } from "../../../src/runtime/spec/devices.ts";
import type { OciDeviceRule } from "../../../src/runtime/spec/oci-spec.ts";
import { settings } from "../settings.ts";
import { allowsAccess, type DeviceAccess } from "./device-interpreter.ts";

/** "c 1:3 rw" or "-c 1:3 rw" for a rule that denies; "a" and "*" as in device_cgroup_rules. */
function rule(text: string): OciDeviceRule {
  const [, minus, type, major, minor, access] = /^(-?)([abc]) (\d+|\*):(\d+|\*) ([rwm]+)$/.exec(text)!;
  return {
    allow: minus === "",
    type: type as "a" | "b" | "c",
    ...(major === "*" ? {} : { major: Number(major) }),
    ...(minor === "*" ? {} : { minor: Number(minor) }),
    access: access!,
  };
}

function access(text: string): DeviceAccess {
  const [, type, major, minor, kinds] = /^([bc]) (\d+):(\d+) ([rwm]+)$/.exec(text)!;
  return { type: type as "b" | "c", major: Number(major), minor: Number(minor), access: kinds! };
}

const allows = (rules: readonly string[], asked: string) =>
  allowsAccess(deviceProgram(rules.map(rule)), access(asked));

const NOTHING = "-a *:* rwm";

describe("a device program", () => {
  it.each([
    ["what is listed is allowed", [NOTHING, "c 1:3 rwm"], "c 1:3 rw", true],
    ["another number is not", [NOTHING, "c 1:3 rwm"], "c 1:5 r", false],
    ["another type is not", [NOTHING, "c 1:3 rwm"], "b 1:3 r", false],
    ["nothing listed, nothing allowed", [], "c 1:3 r", false],
    ["a star stands for every number", [NOTHING, "c 136:* rw"], "c 136:77 rw", true],
    ["each kind of access counts", [NOTHING, "c 1:3 r"], "c 1:3 rw", false],
    ["making a node is a kind of its own", [NOTHING, "b *:* m"], "b 8:0 m", true],
    ["and does not allow opening it", [NOTHING, "b *:* m"], "b 8:0 r", false],
    ["two rules for one device add up", [NOTHING, "c 1:3 r", "c 1:3 w"], "c 1:3 rw", true],
    ["any type with numbers means both types", [NOTHING, "a 7:* rw"], "b 7:1 rw", true],
    ["and only those numbers", [NOTHING, "a 7:* rw"], "b 8:1 r", false],
    ["a later refusal wins", [NOTHING, "c *:* rwm", "-c 5:1 w"], "c 5:1 rw", false],
    ["for the kind it names", [NOTHING, "c *:* rwm", "-c 5:1 w"], "c 5:1 r", true],
    ["a later permission wins", [NOTHING, "-c 5:1 rwm", "c 5:1 r"], "c 5:1 r", true],
    ["all may be allowed but one", ["a *:* rwm", "-b 8:0 rwm"], "c 8:0 rwm", true],
    ["which is refused then", ["a *:* rwm", "-b 8:0 rwm"], "b 8:0 r", false],
    [
      "the highest numbers are compared as they are",
      [NOTHING, "c 4294967295:4294967295 r"],
      "c 4294967295:4294967295 r",
      true,
    ],
  ] as const)("%s", (_, rules, asked, expected) => {
    expect(allows(rules, asked)).toBe(expected);
  });

  it("decides as the last rule for each kind of access does, whatever the rules", () => {
    const number = fc.constantFrom(1, 3, 8);
    const anyRule = fc.record(
      {
        allow: fc.boolean(),
        type: fc.constantFrom("a" as const, "b" as const, "c" as const),
        major: number,
        minor: number,
        access: fc.constantFrom("r", "w", "m", "rw", "rm", "wm", "rwm"),
      },
      { requiredKeys: ["allow", "access"] },
    );
    const anyAccess = fc.record({
      type: fc.constantFrom("b" as const, "c" as const),
      major: number,
      minor: number,
      access: fc.constantFrom("r", "w", "rw", "m"),
    });
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 12 }), anyAccess, (rules, asked) => {
        const names = (one: OciDeviceRule, kind: string) =>
          one.access.includes(kind) &&
          ((one.type ?? "a") === "a" || one.type === asked.type) &&
          (one.major ?? asked.major) === asked.major &&
          (one.minor ?? asked.minor) === asked.minor;
        const expected = [...asked.access].every(
          (kind) => rules.findLast((one) => names(one, kind))?.allow ?? false,
        );
        expect(allowsAccess(deviceProgram(rules), asked)).toBe(expected);
      }),
    );
  });

  it("leaves a container Docker's devices and what it asked for", () => {
    const { rules } = buildDevices(settings({ deviceCgroupRules: ["c 10:200 rw"] }));
    const program = deviceProgram(rules);
    for (const asked of [
      "c 1:3 rw",
      "c 1:9 r",
      "c 5:0 rw",
      "c 5:2 rw",
      "c 136:9 rw",
      "c 10:200 rw",
      "b 8:0 m",
    ])
      expect(allowsAccess(program, access(asked)), asked).toBe(true);
    for (const asked of ["b 8:0 r", "c 1:1 r", "c 10:232 rw", "c 10:200 rwm", "c 4:0 w"])
      expect(allowsAccess(program, access(asked)), asked).toBe(asked === "c 10:200 rwm");
  });
});

describe("version 1's device files", () => {
  it("get a rule of any type with numbers as two, since a alone would mean every device", () => {
    expect(deviceWrites([NOTHING, "a 7:* rw"].map(rule))).toEqual([
      { file: "devices.deny", value: "a" },
      { file: "devices.allow", value: "b 7:* rw" },
      { file: "devices.allow", value: "c 7:* rw" },
    ]);
  });

  it("are left alone when everything is allowed", () => {
    expect(allowsEveryDevice([{ allow: true, access: "rwm" }])).toBe(true);
    expect(allowsEveryDevice([NOTHING].map(rule))).toBe(false);
  });
});
