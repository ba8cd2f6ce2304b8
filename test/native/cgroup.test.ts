import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { CLONE, execOp, spawnOp } from "./support/plans.ts";
import { processStartTime } from "./support/processes.ts";
import { run, start } from "./support/shim.ts";
import { unifiedGroup } from "./support/unified-group.ts";

let group: string;
let remove: () => void;
beforeEach(() => {
  ({ path: group, remove } = unifiedGroup());
});
afterEach(() => remove());

const join2 = () => ({ op: "cgroup_join" as const, path: group });
const members = () => readFileSync(join(group, "cgroup.procs"), "utf8").trim().split("\n").filter(Boolean);
const SHOW = ["/bin/busybox", "grep", "^0:", "/proc/self/cgroup"];

test("a program is born in its cgroup of version 2, and the helper stays outside", async () => {
  const { child, status } = start([join2(), spawnOp(0n), execOp(["/bin/busybox", "sleep", "1000"])]);
  const pid = (await status).trim().split(" ")[1]!;
  expect(members()).toEqual([pid]);
  child.kill("SIGKILL");
  await until("the group is empty", () => members().length === 0);
});

test("its cgroup namespace begins there, and one that joins it comes from outside", async () => {
  const first = start([join2(), spawnOp(CLONE.NEWCGROUP), execOp(["/bin/busybox", "sleep", "1000"])]);
  const pid = Number((await first.status).split(" ")[1]);
  const enter = {
    op: "setns_process" as const,
    pid,
    startTime: processStartTime(pid),
    flags: CLONE.NEWCGROUP,
  };
  const second = await run([join2(), enter, spawnOp(0n), execOp(SHOW)]);
  expect(second).toMatchObject({ stdout: "0::/\n", code: 0 });
  first.child.kill("SIGKILL");
  await until("the group is empty", () => members().length === 0);
});

test("a cgroup that does not exist is named", async () => {
  const missing = { op: "cgroup_join" as const, path: `${group}/none` };
  const { status } = await run([missing, spawnOp(0n), execOp(SHOW)]);
  expect(status).toBe(`failed cgroup_join ENOENT 2 ${group}/none: opening the cgroup\n`);
});
