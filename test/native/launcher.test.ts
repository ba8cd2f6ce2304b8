import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MonitorOp, Op } from "../../src/lib/launch-plan/index.ts";
import { LauncherByHand } from "./support/launcher.ts";
import { monitorOp, readRecord } from "./support/monitor-client.ts";
import { execOp, shell, spawnOp } from "./support/plans.ts";
import { isRunning } from "./support/processes.ts";
import { type Workspace, workspace } from "./support/rootfs.ts";

let place: Workspace;
let launcher: LauncherByHand;
beforeEach(() => {
  place = workspace();
  launcher = new LauncherByHand();
});
/** No test may leave a monitor behind, whatever became of it. */
afterEach(() => {
  launcher[Symbol.dispose]();
  for (const name of readdirSync(place.path)) {
    const status = join(place.path, name, "monitor");
    if (!existsSync(status) || existsSync(join(place.path, name, "exit"))) continue;
    const { monitor_pid: pid } = readRecord(status);
    if (isRunning(pid!)) process.kill(pid!, "SIGKILL");
  }
  place[Symbol.dispose]();
});

const monitored = (name: string): MonitorOp => {
  mkdirSync(join(place.path, name));
  return monitorOp(join(place.path, name));
};
const container = (name: string, exec: Op = execOp(["/bin/sleep", "1000"])): Op[] => [
  monitored(name),
  spawnOp(0n),
  exec,
];
const record = (name: string) => readRecord(join(place.path, name, "monitor"));

test("answers each request with its number, many at once", async () => {
  const numbers = Array.from({ length: 100 }, (_, index) => 100 + index);
  const answers = launcher.answers(numbers.length);
  for (const number of numbers) launcher.ask(number, container(`c${number}`, shell("exit 0")));
  expect((await answers).map((line) => line.replace(/\d+$/, "PID"))).toEqual(
    numbers.map((number) => `${number} ok PID`),
  );
});

test("tells of what fails, and goes on", async () => {
  const answers = launcher.answers(4);
  launcher.ask(1, container("missing", execOp(["/no/such"])));
  launcher.ask(2, Buffer.from("no plan at all"));
  launcher.ask(3, [spawnOp(0n), execOp(["/bin/true"])]);
  launcher.ask(4, container("fine"));
  expect(await answers).toEqual([
    "1 failed exec ENOENT 2 /no/such: executing the program",
    "2 failed plan EBADMSG 74 0: this is not a plan",
    "3 failed plan EBADMSG 74 0: a launcher's plan needs a monitor",
    expect.stringMatching(/^4 ok \d+$/),
  ]);
});

test("ends with its requests; what it launched runs on, and nothing is left of the launch", async () => {
  const answers = launcher.answers(2);
  launcher.ask(1, container("one"));
  launcher.ask(2, container("two"));
  await answers;
  const { pid, monitor_pid: monitor } = record("one");
  expect(await launcher.end()).toBe(0);
  expect([isRunning(pid!), isRunning(monitor!)]).toEqual([true, true]);
  const open = readdirSync(`/proc/${monitor}/fd`).map((fd) => readlinkSync(`/proc/${monitor}/fd/${fd}`));
  // Its listener is the only socket: neither the requests nor the answers are held.
  expect(open.filter((target) => target.startsWith("socket:"))).toHaveLength(1);
  expect(open.filter((target) => target.includes("signalfd"))).toEqual([]);
});

test("killed while a launch is at work, it takes its answers with it, not what runs", async () => {
  const answers = launcher.answers(1);
  launcher.ask(1, container("one"));
  await answers;
  const { pid } = record("one");
  launcher.child.kill("SIGKILL");
  await expect.poll(() => isRunning(launcher.child.pid!)).toBe(false);
  expect(isRunning(pid!)).toBe(true);
});

test("is called so, and answers for a process that was killed while it launched", async () => {
  const answers = launcher.answers(1);
  launcher.ask(7, stuck());
  const launching = await onlyChild(launcher.child.pid!);
  const waiting = await onlyChild(launching);
  expect(readFileSync(`/proc/${launcher.child.pid}/comm`, "latin1").trim()).toBe("gantry-launcher");
  process.kill(launching, "SIGKILL");
  expect(await answers).toEqual(["7 failed launch EINTR 4 -: the helper was killed"]);
  process.kill(waiting, "SIGKILL");
});

test("a monitor that was killed while it launched is answered for", async () => {
  const answers = launcher.answers(1);
  launcher.ask(8, stuck());
  process.kill(await onlyChild(await onlyChild(launcher.child.pid!)), "SIGKILL");
  expect(await answers).toEqual(["8 failed monitor ECHILD 10 -: the monitor ended without a word"]);
});

/** A launch that does not come to its end: the counter of killed processes is a pipe that nobody writes to. */
function stuck(): Op[] {
  const oomPath = join(place.path, "pipe");
  execFileSync("mkfifo", [oomPath]);
  return [{ ...monitored("stuck"), oomPath, oomKey: "oom_kill" }, spawnOp(0n), shell("true")];
}

/** The child of a process, as soon as it has one. */
async function onlyChild(pid: number): Promise<number> {
  const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
  await expect.poll(children).toMatch(/^\d+$/);
  return Number(children());
}

test("launches nothing more once nobody hears its answers", async () => {
  const { child } = launcher;
  child.kill("SIGSTOP");
  launcher.ask(1, container("unheard"));
  const exited = once(child, "exit");
  child.stdio[4]!.destroy();
  child.kill("SIGCONT");
  expect((await exited)[0]).toBe(0);
  expect(existsSync(join(place.path, "unheard", "monitor"))).toBe(false);
});
