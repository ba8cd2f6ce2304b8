import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodePlan, type MonitorOp } from "../../src/lib/launch-plan/index.ts";
import { ATTACH, MonitorClient, monitorOp, readRecord } from "./support/monitor-client.ts";
import { containerPlan, execOp, shell, spawnOp } from "./support/plans.ts";
import { isRunning } from "./support/processes.ts";
import { makeRootfs, type Workspace, workspace } from "./support/rootfs.ts";
import { run, shimPath } from "./support/shim.ts";

/**
 * The client's terminal is itself a pseudo-terminal of a monitor of this test: the helper under test runs in it, in the
 * foreground, and starts a program with a pseudo-terminal of its own.
 */
let place: Workspace;
let outer: MonitorOp;
beforeEach(() => {
  place = workspace();
  outer = monitorOp(place.path, { stdin: 2, holdMs: 60_000 });
});
afterEach(() => {
  if (existsSync(outer.statusPath)) {
    const { monitor_pid: pid } = readRecord(outer.statusPath);
    if (isRunning(pid!)) process.kill(pid!, "SIGKILL");
  }
  place[Symbol.dispose]();
});

async function runInTerminal(script: string): Promise<MonitorClient> {
  const root = makeRootfs(join(place.path, "root"));
  const plan = containerPlan(root, shell(script), {
    spawn: spawnOp(undefined, { rows: 1, cols: 1 }),
    inside: [{ op: "terminal", console: 0, uid: 0 }],
  });
  writeFileSync(join(place.path, "plan"), encodePlan(plan));
  const settings = "stty -a | grep -o '.icanon\\| icanon'";
  const command = `${settings}; ${shimPath} launch 3< plan 4> status; echo code $?; ${settings}; echo over`;
  await run([
    outer,
    spawnOp(0n, { rows: 30, cols: 90 }),
    { op: "terminal", console: 0, uid: 0 },
    { op: "cwd", path: place.path, create: 0, uid: 0, gid: 0 },
    execOp(["/bin/sh", "-c", command], ["PATH=/bin:/usr/bin", "ASAN_OPTIONS=detect_leaks=0"]),
  ]);
  const client = await MonitorClient.connect(outer.socketPath);
  client.attach(ATTACH.output | ATTACH.input);
  return client;
}

test("keys, output, window size and exit code go between the two terminals", async () => {
  using client = await runInTerminal(
    "stty size; trap 'stty size' WINCH; echo ready; read x; echo got $x; until [ -n \"$y\" ]; do read y; done; exit 6",
  );
  await client.waitForOutput("ready");
  client.input("hello\r");
  await client.waitForOutput("got hello");
  client.resize(40, 120);
  await client.waitForOutput("40 120");
  client.input("y\r");
  await client.waitForOutput("over");
  await client.exit;
  expect(client.output.split("\r\n").filter((line) => line !== "hello" && line !== "y")).toEqual([
    " icanon",
    "30 90",
    "ready",
    "got hello",
    "40 120",
    "code 6",
    " icanon",
    "over",
    "",
  ]);
  expect(readFileSync(join(place.path, "status"), "utf8")).toMatch(/^ok \d+\n$/);
});

test("Ctrl-C interrupts the program, not the helper", async () => {
  using client = await runInTerminal(
    "trap 'echo interrupted; exit 7' INT; echo ready; while :; do read x; done",
  );
  await client.waitForOutput("ready");
  client.input("\x03");
  await client.waitForOutput("over");
  expect(client.output).toContain("interrupted\r\ncode 7\r\n");
});

test("the client's terminal is restored when the program is killed", async () => {
  using client = await runInTerminal("echo ready; exec sleep 1000");
  await client.waitForOutput("ready");
  process.kill(Number(readFileSync(join(place.path, "status"), "utf8").split(" ")[1]), "SIGKILL");
  await client.waitForOutput("over");
  expect(client.output).toMatch(/code 137\r\n icanon\r\nover\r\n$/);
});
