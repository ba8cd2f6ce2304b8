import { afterEach, beforeEach, expect, test } from "vitest";
import type { Op } from "../../src/lib/launch-plan/index.ts";
import { deviceProgram } from "../../src/runtime/cgroup/device-program.ts";
import { execOp, spawnOp } from "./support/plans.ts";
import { run } from "./support/shim.ts";
import { unifiedGroup } from "./support/unified-group.ts";

let group: string;
let remove: () => void;
beforeEach(() => {
  ({ path: group, remove } = unifiedGroup());
});
afterEach(() => remove());

const NOTHING = { allow: false, access: "rwm" } as const;
const character = (minor: number, access: string) =>
  ({ allow: true, type: "c", major: 1, minor, access }) as const;

const filter = (program: Uint8Array, path = group): Op => ({ op: "device_filter", path, program });

const inGroup = (program: Uint8Array, script: string) =>
  run([
    filter(program),
    { op: "cgroup_join", path: group },
    spawnOp(0n),
    execOp(["/bin/busybox", "sh", "-c", script]),
  ]);

test("the devices of a cgroup are those that its program allows", async () => {
  const program = deviceProgram([NOTHING, character(3, "rw"), character(5, "r")]);
  const { stdout, status } = await inGroup(
    program,
    "for try in 'echo > /dev/null' 'head -c1 /dev/zero > /dev/null' 'echo > /dev/zero' 'head -c1 /dev/urandom'; do" +
      ' (eval "$try") 2>/dev/null && echo yes || echo no; done',
  );
  expect(status).toMatch(/^ok /);
  expect(stdout).toBe("yes\nyes\nno\nno\n");
});

test("another start puts its program in the place of the earlier one", async () => {
  await inGroup(deviceProgram([NOTHING]), "true");
  const { stdout } = await inGroup(
    deviceProgram([NOTHING, character(3, "rw")]),
    "echo > /dev/null && echo yes",
  );
  expect(stdout).toBe("yes\n");
});

test.each([
  ["nothing", Buffer.alloc(0), "EINVAL", "a device program consists of whole instructions"],
  ["part of an instruction", Buffer.alloc(12), "EINVAL", "a device program consists of whole instructions"],
  ["instructions that do not exist", Buffer.alloc(64, 0xff), "EINVAL", "loading the device program"],
  [
    "a program that never ends",
    Buffer.from("0500ffff00000000", "hex"),
    "EINVAL",
    "loading the device program",
  ],
  [
    "one that reads where it may not",
    Buffer.from("61100010000000009500000000000000", "hex"),
    "EACCES",
    "loading the device program",
  ],
])("%s is refused", async (_, program, errno, text) => {
  const { status, stdout } = await inGroup(program, "echo ran");
  expect(status).toMatch(new RegExp(`^failed device_filter ${errno} \\d+ ${group}: ${text}\n$`));
  expect(stdout).toBe("");
});

test("a directory that is no cgroup is refused", async () => {
  const program = deviceProgram([NOTHING]);
  const { status } = await run([
    filter(program, "/proc/self"),
    spawnOp(0n),
    execOp(["/bin/busybox", "true"]),
  ]);
  expect(status).toMatch(/^failed device_filter EBADF 9 \/proc\/self: attaching the device program\n$/);
});
