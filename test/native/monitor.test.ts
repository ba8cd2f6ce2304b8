import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExecOp, MonitorOp, Op } from "../../src/lib/launch-plan/index.ts";
import { ATTACH, MonitorClient, monitorOp, readRecord } from "./support/monitor-client.ts";
import { ALL_NAMESPACES, containerPlan, execOp, shell } from "./support/plans.ts";
import { isRunning, processStartTime } from "./support/processes.ts";
import { makeRootfs, type Workspace, workspace } from "./support/rootfs.ts";
import { isSanitized, run } from "./support/shim.ts";

let place: Workspace;
let root: string;
let monitor: MonitorOp;
beforeEach(() => {
  place = workspace();
  root = makeRootfs(join(place.path, "root"));
  monitor = monitorOp(place.path);
});
/** No test may leave a monitor behind, whatever became of it. */
afterEach(() => {
  if (existsSync(monitor.statusPath)) {
    const { monitor_pid: pid, monitor_start_time: started } = readRecord(monitor.statusPath);
    if (isRunning(pid!) && processStartTime(pid!) === BigInt(started!)) process.kill(pid!, "SIGKILL");
  }
  place[Symbol.dispose]();
});

const launch = (exec: ExecOp, changes: Partial<MonitorOp> = {}, inside: Op[] = []) => {
  monitor = { ...monitor, ...changes };
  return run(containerPlan(root, exec, { before: [monitor], inside }));
};
const connect = () => MonitorClient.connect(monitor.socketPath);
const ended = () => expect.poll(() => existsSync(monitor.exitPath)).toBe(true);
const logged = () =>
  readFileSync(monitor.logPath, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^\S+ /, ""));

describe("the start", () => {
  test("returns at once, with the pid, and leaves a status file", async () => {
    const { status, code, stdout } = await launch(execOp(["sleep", "1000"]));
    const pid = Number(/^ok (\d+)\n$/.exec(status)![1]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const record = readRecord(monitor.statusPath);
    expect(record).toMatchObject({ pid, start_time: Number(processStartTime(pid)) });
    expect(record["monitor_start_time"]).toBe(Number(processStartTime(record["monitor_pid"]!)));
    expect(Math.abs(record["started"]! / 1e6 - Date.now())).toBeLessThan(10_000);
    expect(statSync(monitor.socketPath).mode & 0o777).toBe(0o600);
  });

  test("that fails reports why, and leaves nothing", async () => {
    const { status, code } = await launch(execOp(["no-such"]));
    expect({ status, code }).toEqual({
      status: "failed exec ENOENT 2 no-such: executing the program\n",
      code: 125,
    });
    expect(readdirSync(place.path).sort()).toEqual(["log", "root"]);
  });

  test("that cannot open its files names them", async () => {
    expect((await launch(shell("true"), { logPath: "/no/log" })).status).toBe(
      "failed monitor ENOENT 2 /no/log: opening the log\n",
    );
    expect((await launch(shell("true"), { logPath: "", socketPath: "/no/sock" })).status).toBe(
      "failed monitor ENOENT 2 /no/sock: listening on the control socket\n",
    );
  });

  test("works with a control socket whose path is longer than an address", async () => {
    const deep = join(place.path, "d".repeat(100));
    mkdirSync(deep);
    await launch(shell("read x"), { socketPath: join(deep, "monitor.sock"), stdin: 1 });
    using client = await connect();
    expect(await client.pid).toBe(readRecord(monitor.statusPath)["pid"]);
  });

  test("leaves a monitor that is small, detached and holds nothing of its caller", async () => {
    await launch(execOp(["sleep", "1000"]));
    const pid = readRecord(monitor.statusPath)["monitor_pid"]!;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    if (!isSanitized) expect(Number(/VmRSS:\s+(\d+)/.exec(status)![1])).toBeLessThan(1024);
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    expect({ session: fields[3], terminal: fields[4] }).toEqual({ session: String(pid), terminal: "0" });
    expect(readdirSync(`/proc/${pid}/fd`).length).toBeLessThan(16);
  });
});

describe("the exit", () => {
  test.each([
    ["exit 0", { code: 0, signal: 0 }],
    ["exit 77", { code: 77, signal: 0 }],
  ])("of %j is recorded", async (script, expected) => {
    await launch(shell(script));
    await ended();
    const record = readRecord(monitor.exitPath);
    expect(record).toMatchObject({ ...expected, oom: 0 });
    expect(record["finished"]).toBeGreaterThanOrEqual(record["started"]!);
    expect(record["started"]).toBe(readRecord(monitor.statusPath)["started"]);
  });

  test("by a signal is recorded and told to every client, and the socket goes", async () => {
    await launch(execOp(["sleep", "1000"]));
    using one = await connect();
    using other = await connect();
    one.signal(9);
    expect(await one.exit).toEqual({ code: 137, signal: 9, oom: 0 });
    expect(readRecord(monitor.exitPath)).toMatchObject({ code: 137, signal: 9 });
    expect(await other.exit).toEqual({ code: 137, signal: 9, oom: 0 });
    await other.closed;
    expect(existsSync(monitor.socketPath)).toBe(false);
  });

  test("tells OOM from an increase of the counter", async () => {
    const counter = join(place.path, "memory.events");
    writeFileSync(counter, "oom 0\noom_kill 4\noom_group_kill 0\n");
    await launch(shell("read x"), { stdin: 1, oomPath: counter, oomKey: "oom_kill" });
    using client = await connect();
    client.attach(ATTACH.input);
    writeFileSync(counter, "oom 0\noom_kill 5\noom_group_kill 0\n");
    client.input("\n");
    expect(await client.exit).toMatchObject({ oom: 1 });
    expect(readRecord(monitor.exitPath)).toMatchObject({ oom: 1 });
  });

  test("takes all of the container's processes along", async () => {
    await launch(shell("sleep 1000 & sleep 1000 & echo started; read x"), { stdin: 2 });
    using client = await connect();
    const pid = await client.pid;
    const children = () =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
    await expect.poll(() => children().length).toBe(2);
    const left = children();
    client.signal(9);
    await client.exit;
    expect(left.filter(isRunning)).toEqual([]);
  });

  test("comes when the monitor is killed: the container does not outlive it", async () => {
    await launch(execOp(["sleep", "1000"]));
    const { pid, monitor_pid: monitorPid } = readRecord(monitor.statusPath);
    process.kill(monitorPid!, "SIGKILL");
    await expect.poll(() => isRunning(pid!)).toBe(false);
    expect(existsSync(monitor.exitPath)).toBe(false);
  });

  test("is not brought about by signals to the monitor", async () => {
    await launch(execOp(["sleep", "1000"]));
    const { pid, monitor_pid: monitorPid } = readRecord(monitor.statusPath);
    for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGPIPE", "SIGUSR1"] as const) {
      process.kill(monitorPid!, signal);
    }
    using client = await connect();
    expect(await client.pid).toBe(pid);
  });
});

describe("the log", () => {
  const line = (count: number, character: string) => character.repeat(count);

  test("has time, stream and tag before every line", async () => {
    await launch(shell("echo out; echo err >&2; echo; printf unfinished"));
    await ended();
    const text = readFileSync(monitor.logPath, "utf8");
    for (const entry of text.trimEnd().split("\n")) {
      expect(entry).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr) [FP] /);
      expect(Math.abs(Date.parse(entry.split(" ")[0]!) - Date.now())).toBeLessThan(10_000);
    }
    expect(logged().filter((entry) => entry.startsWith("stdout"))).toEqual([
      "stdout F out",
      "stdout F ",
      "stdout P unfinished",
    ]);
    expect(logged().filter((entry) => entry.startsWith("stderr"))).toEqual(["stderr F err"]);
  });

  test("splits lines longer than 16 KiB, and no others", async () => {
    await launch(
      shell(`for length in 16383 16384 16385 40000; do head -c $length /dev/zero | tr '\\0' x; echo; done`),
    );
    await ended();
    const parts = logged().map((entry) => `${entry.slice(7, 8)} ${entry.length - 9}`);
    expect(parts).toEqual(["F 16383", "F 16384", "P 16384", "F 1", "P 16384", "P 16384", "F 7232"]);
    expect(logged()[2]).toBe(`stdout P ${line(16_384, "x")}`);
  });

  test("puts a line together that comes in pieces", async () => {
    await launch(shell("printf a; read x; printf b; read x; echo c"), { stdin: 1, holdMs: 60_000 });
    using client = await connect();
    client.attach(ATTACH.output | ATTACH.input);
    await client.waitForOutput("a");
    client.input("\n");
    await client.waitForOutput("ab");
    client.input("\n");
    await client.exit;
    expect(logged()).toEqual(["stdout F abc"]);
  });

  test("is rotated by size, with a number of files", async () => {
    await launch(shell("i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); done"), {
      logMaxSize: 500n,
      logMaxFiles: 3,
    });
    await ended();
    const files = readdirSync(place.path).filter((name) => name.startsWith("log"));
    expect(files.sort()).toEqual(["log", "log.1", "log.2"]);
    for (const name of files) expect(statSync(join(place.path, name)).size).toBeLessThanOrEqual(500);
    const lines = ["log.2", "log.1", "log"].flatMap((name) =>
      readFileSync(join(place.path, name), "utf8").trimEnd().split("\n"),
    );
    const numbers = lines.map((entry) => Number(entry.split(" ").at(-1)));
    expect(numbers).toEqual(
      Array.from({ length: numbers.length }, (_, index) => 100 - numbers.length + index),
    );
  });

  test("with one file begins it anew", async () => {
    await launch(shell("for i in 1 2 3 4 5 6 7 8 9; do echo line $i; done"), {
      logMaxSize: 100n,
      logMaxFiles: 1,
    });
    await ended();
    expect(readdirSync(place.path).filter((name) => name.startsWith("log"))).toEqual(["log"]);
    expect(logged().at(-1)).toBe("stdout F line 9");
    expect(statSync(monitor.logPath).size).toBeLessThanOrEqual(100);
  });

  test("goes on after another run, and ends a line that a killed monitor left", async () => {
    writeFileSync(monitor.logPath, "2026-01-01T00:00:00.000000000Z stdout F whole\n2026-01-01T00:0");
    await launch(shell("echo next"));
    await ended();
    expect(logged()).toEqual(["stdout F whole", "2026-01-01T00:0", "stdout F next"]);
  });

  test("is not kept when it has no path", async () => {
    await launch(shell("echo lost"), { logPath: "" });
    await ended();
    expect(existsSync(join(place.path, "log"))).toBe(false);
    expect(readRecord(monitor.exitPath)["code"]).toBe(0);
  });

  test("is whole when a program says a lot and ends", async () => {
    await launch(execOp(["seq", "1", "200000"]));
    await ended();
    const lines = logged();
    expect(lines.length).toBe(200_000);
    expect(lines.at(-1)).toBe("stdout F 200000");
  });
});

describe("a container of its own network namespace", () => {
  test("leaves the monitor in the namespaces it was started in", async () => {
    await launch(execOp(["sleep", "1000"]));
    const { pid, monitor_pid: monitorPid } = readRecord(monitor.statusPath);
    expect(ALL_NAMESPACES).not.toBe(0n);
    for (const name of ["net", "mnt", "pid", "uts", "ipc", "cgroup"]) {
      const of = (id: number | string) => statSync(`/proc/${id}/ns/${name}`).ino;
      expect(of(monitorPid!), name).toBe(of("self"));
      expect(of(pid!), name).not.toBe(of("self"));
    }
  });
});
