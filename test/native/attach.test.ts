import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExecOp, MonitorOp, Op, SpawnOp } from "../../src/lib/launch-plan/index.ts";
import { ATTACH, MonitorClient, monitorOp, readRecord } from "./support/monitor-client.ts";
import { containerPlan, execOp, shell, spawnOp } from "./support/plans.ts";
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

async function launch(
  exec: ExecOp,
  changes: Partial<MonitorOp> = {},
  options: { inside?: Op[]; spawn?: SpawnOp } = {},
): Promise<void> {
  monitor = { ...monitor, ...changes };
  const { status } = await run(containerPlan(root, exec, { before: [monitor], ...options }));
  expect(status).toMatch(/^ok/);
}
const connect = () => MonitorClient.connect(monitor.socketPath);

describe("output", () => {
  test("goes to all who attached, in two streams", async () => {
    await launch(shell("read x; echo out; echo err >&2; read x"), { stdin: 2 });
    using one = await connect();
    using other = await connect();
    using onlooker = await connect();
    one.attach(ATTACH.output | ATTACH.input);
    other.attach(ATTACH.output);
    await onlooker.pid;
    one.input("\n");
    await Promise.all([one.waitForOutput("out\n"), other.waitForOutput("out\n")]);
    one.input("\n");
    await Promise.all([one.exit, other.exit, onlooker.exit]);
    expect([one.errorOutput, other.errorOutput]).toEqual(["err\n", "err\n"]);
    expect([onlooker.output, onlooker.errorOutput]).toEqual(["", ""]);
  });

  test("is held for the first reader of a program that is quickly over", async () => {
    await launch(shell("echo early; exit 4"), { holdMs: 60_000 });
    using client = await connect();
    client.attach(ATTACH.output);
    expect(await client.exit).toMatchObject({ code: 4 });
    expect(client.output).toBe("early\n");
  });

  test("is held no longer than wanted", async () => {
    await launch(shell("echo early"), { holdMs: 50 });
    await expect.poll(() => existsSync(monitor.exitPath)).toBe(true);
    expect(readFileSync(monitor.logPath, "utf8")).toContain("stdout F early\n");
  });

  test("reaches a slow lossless reader whole, while the program waits", async () => {
    const size = 24 * 1024 * 1024;
    await launch(shell(`head -c ${size} /dev/zero`), { logPath: "", holdMs: 60_000 });
    using client = await connect();
    client.socket.pause();
    client.attach(ATTACH.output | ATTACH.lossless);
    const { monitor_pid: monitorPid, pid } = readRecord(monitor.statusPath);
    await expect.poll(() => processState(pid!)).toBe("S");
    if (!isSanitized) expect(residentKilobytes(monitorPid!)).toBeLessThan(2048);
    client.socket.resume();
    expect(await client.exit).toMatchObject({ code: 0 });
    expect(client.bytes).toBe(size);
  });

  test("does not wait for another reader, who is dropped when it is far behind", async () => {
    await launch(shell("head -c 24000000 /dev/zero; read x"), { logPath: "", holdMs: 60_000, stdin: 2 });
    using client = await connect();
    await client.pid;
    client.socket.pause();
    client.attach(ATTACH.output);
    using other = await connect();
    other.attach(ATTACH.input | ATTACH.output | ATTACH.lossless);
    other.input("\n");
    expect(await other.exit).toMatchObject({ code: 0 });
    client.socket.resume();
    await client.closed;
    await expect(client.exit).rejects.toThrow("without an exit");
    expect(client.bytes).toBeLessThan(24_000_000);
  });

  test("keeps flowing to the log when a reader goes away", async () => {
    await launch(shell("echo one; read x; echo two"), { stdin: 2, holdMs: 60_000 });
    using reader = await connect();
    reader.attach(ATTACH.output);
    await reader.waitForOutput("one\n");
    reader.socket.destroy();
    using writer = await connect();
    writer.attach(ATTACH.input);
    writer.input("\n");
    await writer.exit;
    expect(readFileSync(monitor.logPath, "utf8")).toContain("stdout F two\n");
  });
});

describe("standard input", () => {
  test("is /dev/null unless wanted", async () => {
    await launch(shell("cat; echo end"), { holdMs: 60_000 });
    using client = await connect();
    client.attach(ATTACH.output);
    await client.exit;
    expect(client.output).toBe("end\n");
  });

  test("ends when the first client closes it", async () => {
    await launch(execOp(["cat"]), { stdin: 1 });
    using client = await connect();
    client.attach(ATTACH.output | ATTACH.input);
    client.input("hello");
    client.send("C");
    expect(await client.exit).toMatchObject({ code: 0 });
    expect(client.output).toBe("hello");
  });

  test("ends when the first client disconnects", async () => {
    await launch(execOp(["cat"]), { stdin: 1 });
    const client = await connect();
    client.attach(ATTACH.input);
    client.input("hello\n");
    client.socket.end();
    await expect.poll(() => existsSync(monitor.exitPath)).toBe(true);
    expect(readFileSync(monitor.logPath, "utf8")).toContain("stdout F hello\n");
  });

  test("stays open until the exit when that is wanted", async () => {
    await launch(shell("while read line; do echo got $line; done"), { stdin: 2 });
    const first = await connect();
    first.attach(ATTACH.output | ATTACH.input);
    first.input("one\n");
    await first.waitForOutput("got one");
    first.send("C");
    first.socket.destroy();
    using second = await connect();
    second.attach(ATTACH.output | ATTACH.input);
    second.input("two\n");
    await second.waitForOutput("got two");
  });

  test("larger than a pipe arrives whole", async () => {
    await launch(shell("sleep 0.2; wc -c"), { stdin: 1 });
    using client = await connect();
    client.attach(ATTACH.output | ATTACH.input);
    for (let count = 0; count < 64; count++) client.input("x".repeat(60_000));
    client.send("C");
    await client.exit;
    expect(client.output.trim()).toBe(String(64 * 60_000));
  });
});

describe("a terminal", () => {
  const withTerminal = {
    spawn: spawnOp(undefined, { rows: 24, cols: 80 }),
    inside: [{ op: "terminal", console: 1, uid: 0 } as Op],
  };
  const interactive = async (script: string) => {
    await launch(shell(script), { stdin: 2, holdMs: 60_000 }, withTerminal);
    const client = await connect();
    client.attach(ATTACH.output | ATTACH.input);
    return client;
  };

  test("is the program's descriptors 0 to 2, with the size that was asked for", async () => {
    using client = await interactive("tty; stty size; test -t 0 && test -t 1 && test -t 2 && echo three");
    await client.exit;
    expect(client.output).toBe("/dev/pts/0\r\n24 80\r\nthree\r\n");
    expect(readFileSync(monitor.logPath, "utf8")).toMatch(/ stdout F three\r?\n/);
  });

  test("is the controlling terminal: Ctrl-C interrupts, Ctrl-D ends the input", async () => {
    using client = await interactive(
      "trap 'echo interrupted; done=1' INT; echo ready; while [ -z \"$done\" ]; do read x; done; cat; echo end",
    );
    await client.waitForOutput("ready");
    client.input("\x03");
    await client.waitForOutput("interrupted");
    client.input("\x04");
    await client.waitForOutput("end");
    expect(await client.exit).toMatchObject({ code: 0 });
  });

  test("can be resized", async () => {
    using client = await interactive("trap 'stty size' WINCH; echo ready; while :; do read line; done");
    await client.waitForOutput("ready");
    client.resize(50, 132);
    await client.waitForOutput("50 132");
  });

  test("is also /dev/console", async () => {
    using client = await interactive("echo to the console > /dev/console; ls -l /dev/console | cut -c1");
    await client.exit;
    expect(client.output).toBe("to the console\r\nc\r\n");
  });

  test("works beneath an init, where Ctrl-C comes once", async () => {
    await launch(
      shell("trap 'echo interrupted' INT; echo ready; read x; read x; echo end"),
      { stdin: 2, holdMs: 60_000 },
      { ...withTerminal, inside: [...withTerminal.inside, { op: "init" }] },
    );
    using client = await connect();
    client.attach(ATTACH.output | ATTACH.input);
    await client.waitForOutput("ready");
    client.input("\x03");
    await client.waitForOutput("interrupted");
    client.input("\r\r");
    await client.exit;
    expect(client.output.match(/interrupted/g)).toHaveLength(1);
  });
});

describe("a malformed frame closes its connection and nothing else", () => {
  test.each<[string, string, Uint8Array]>([
    ["an unknown type", "?", new Uint8Array()],
    ["a signal of too few bytes", "S", Uint8Array.of(9)],
    ["signal 0", "S", Uint8Array.of(0, 0, 0, 0)],
    ["signal 1000", "S", Uint8Array.of(0xe8, 3, 0, 0)],
    ["unknown attach flags", "A", Uint8Array.of(0xff)],
    ["input without attaching", "I", Uint8Array.of(65)],
    ["a window size of too few bytes", "W", Uint8Array.of(1, 2)],
  ])("%s", async (_, type, payload) => {
    await launch(execOp(["sleep", "1000"]));
    using bad = await connect();
    using good = await connect();
    bad.send(type, payload);
    await bad.closed;
    good.signal(15);
    expect(await good.pid).toBe(readRecord(monitor.statusPath)["pid"]);
    good.signal(9);
    expect(await good.exit).toMatchObject({ signal: 9 });
  });

  test("a payload longer than 64 KiB", async () => {
    await launch(execOp(["sleep", "1000"]));
    using bad = await connect();
    bad.socket.write(Uint8Array.of(73, 1, 0, 1, 0));
    await bad.closed;
    using good = await connect();
    good.signal(9);
    expect(await good.exit).toMatchObject({ signal: 9 });
  });

  test("random bytes", async () => {
    await launch(execOp(["sleep", "1000"]));
    for (let round = 0; round < 50; round++) {
      const bad = await connect();
      bad.socket.end(Buffer.from(Array.from({ length: 40 }, (_, index) => (round * 131 + index * 89) % 256)));
      await bad.closed;
    }
    using good = await connect();
    good.signal(9);
    expect(await good.exit).toMatchObject({ signal: 9 });
  });
});

function processState(pid: number): string {
  return /State:\s+(\S)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]!;
}

function residentKilobytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]);
}
