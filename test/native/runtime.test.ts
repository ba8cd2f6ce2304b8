import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Op, RuntimeOp } from "../../src/lib/launch-plan/index.ts";
import { monitorOp, readRecord } from "./support/monitor-client.ts";
import { shell, spawnOp } from "./support/plans.ts";
import { type Workspace, workspace } from "./support/rootfs.ts";
import { run } from "./support/shim.ts";

/** Does what an OCI runtime does, as far as the monitor sees it. */
const RUNTIME = `#!/bin/sh
case $1 in
  create)
    pwd > where
    (while [ ! -e go ]; do sleep 0.01; done; echo said; exit 3) &
    echo $! > pid
    sleep 1000 >/dev/null 2>&1 & echo $! > helper ;;
  refuse) exit 9 ;;
  start) : > go ;;
  delete) kill -9 $(cat helper); while [ -d /proc/$(cat helper) ]; do sleep 0.01; done; : > deleted ;;
esac
`;

let place: Workspace;
let program: string;
beforeEach(() => {
  place = workspace();
  program = join(place.path, "runtime");
  writeFileSync(program, RUNTIME);
  chmodSync(program, 0o755);
});
afterEach(() => place[Symbol.dispose]());

const runtimeOp = (changes: Partial<RuntimeOp> = {}): RuntimeOp => ({
  op: "runtime",
  create: [program, "create"],
  start: [program, "start"],
  delete: [program, "delete"],
  env: ["PATH=/bin:/usr/bin"],
  pidPath: join(place.path, "pid"),
  consolePath: "",
  ...changes,
});
const launch = (runtime: RuntimeOp, spawn: Op = spawnOp(0n)) => run([monitorOp(place.path), spawn, runtime]);
const text = (name: string) => readFileSync(join(place.path, name), "utf8");

test("another runtime's process 1 is the monitor's own child: its output, its exit code, and then it is forgotten", async () => {
  const { status } = await launch(runtimeOp());
  expect(status).toBe(`ok ${text("pid").trim()}\n`);
  await expect.poll(() => existsSync(join(place.path, "exit"))).toBe(true);
  expect(readRecord(join(place.path, "exit"))).toMatchObject({ code: 3, signal: 0 });
  expect(text("log")).toMatch(/ stdout F said\n$/);
  // Also what the runtime left to itself has been collected by then.
  expect(existsSync(join(place.path, "deleted"))).toBe(true);
  expect(text("where").trim()).toBe(place.path);
});

test("a runtime that fails is named, with its exit code, and what it began is undone", async () => {
  const refused = await launch(runtimeOp({ create: [program, "refuse"], delete: ["/bin/true"] }));
  expect(refused.status).toBe(`failed runtime EPROTO 71 ${program}: the runtime ended with 9\n`);
  const missing = await launch(runtimeOp({ create: ["/no/runtime"], delete: ["/bin/true"] }));
  expect(missing.status).toBe("failed runtime EPROTO 71 /no/runtime: the runtime ended with 125\n");
  const unstarted = await launch(runtimeOp({ start: [program, "refuse"] }));
  expect(unstarted.status).toBe(`failed runtime EPROTO 71 ${program}: the runtime ended with 9\n`);
  expect(existsSync(`/proc/${text("pid").trim()}`)).toBe(false);
  expect(existsSync(join(place.path, "exit"))).toBe(false);
});

test("a plan with a runtime out of place is refused", async () => {
  const refusals: [Op[], string][] = [
    [[spawnOp(0n), runtimeOp()], "a runtime needs a monitor"],
    [[monitorOp(place.path), runtimeOp()], "this operation comes after spawn"],
    [[monitorOp(place.path), spawnOp(), runtimeOp()], "a runtime makes its namespaces itself"],
    [[monitorOp(place.path), spawnOp(0n), runtimeOp(), shell("true")], "runtime alone follows spawn"],
    [[monitorOp(place.path), spawnOp(0n), runtimeOp({ start: [] })], "runtime needs its programs"],
  ];
  for (const [plan, reason] of refusals) expect((await run(plan)).status).toContain(reason);
});
