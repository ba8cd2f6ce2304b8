import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Keeper } from "./support/keepers.ts";
import { CLONE } from "./support/plans.ts";
import { isRunning, processStartTime } from "./support/processes.ts";
import { type Workspace, workspace } from "./support/rootfs.ts";
import { isSanitized } from "./support/shim.ts";

let place: Workspace;
let keeper: Keeper;
beforeEach(() => {
  place = workspace();
  keeper = new Keeper(place.path);
});
afterEach(() => {
  keeper[Symbol.dispose]();
  place[Symbol.dispose]();
});
const namespaceOf = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/net`);
const shell = (script: string) => ({ argv: ["sh", "-c", script] });

describe("the start", () => {
  test("leaves keeper and supervisor in the project's namespace, the listener in the host's", async () => {
    expect(await keeper.start()).toEqual({ status: "ok\n", code: 0 });
    const record = keeper.record;
    expect(record["start_time"]).toBe(Number(processStartTime(record["pid"]!)));
    expect(namespaceOf(record["pid"]!)).not.toBe(namespaceOf("self"));
    expect(namespaceOf(record["supervisor_pid"]!)).toBe(namespaceOf(record["pid"]!));
    expect(namespaceOf(record["listener_pid"]!)).toBe(namespaceOf("self"));
  });

  test("gives the supervisor its environment, directory, log, and the keeper's pid", async () => {
    await keeper.start(
      keeper.plan({
        ...shell('echo "$A $GANTRY_KEEPER_PID $PWD"; exec sleep 1000'),
        env: ["PATH=/bin", "A=1"],
        cwd: "/usr",
      }),
    );
    await expect.poll(() => readFileSync(keeper.logPath, "utf8")).toBe(`1 ${keeper.record["pid"]} /usr\n`);
  });

  test("joins an existing namespace", async () => {
    await keeper.start();
    const other = new Keeper(join(place.path));
    const { pid } = keeper.record;
    const again = {
      controlPath: join(place.path, "other.sock"),
      statusPath: join(place.path, "other"),
    };
    const [first, , , last] = other.plan();
    const { status } = await other.start([
      { ...first!, ...again } as typeof first & object,
      { op: "setns_process", pid: pid!, startTime: processStartTime(pid!), flags: CLONE.NEWNET },
      last!,
    ]);
    expect(status).toBe("ok\n");
    const started = Number(/^pid (\d+)$/m.exec(readFileSync(again.statusPath, "utf8"))![1]);
    expect(namespaceOf(started)).toBe(namespaceOf(pid!));
    process.kill(started, "SIGTERM");
    await expect.poll(() => isRunning(started)).toBe(false);
  });

  test.each([
    [
      "a supervisor that is not there",
      { argv: ["no-such-supervisor"] },
      "failed supervisor ENOENT 2 no-such-supervisor: ",
    ],
    ["a directory that is not there", { cwd: "/no/where" }, "failed supervisor ENOENT 2 sleep: "],
  ])("with %s fails and leaves nothing", async (_, supervisor, message) => {
    const { status, code } = await keeper.start(keeper.plan(supervisor));
    expect(status).toContain(message);
    expect(code).toBe(125);
    expect([existsSync(keeper.controlPath), existsSync(keeper.statusPath)]).toEqual([false, false]);
  });

  test("with a failing operation names it", async () => {
    const { status } = await keeper.start(
      keeper.plan({}, [
        { op: "unshare", flags: CLONE.NEWNET },
        { op: "link_set", netns: 0, name: "nolink", up: 1 },
      ]),
    );
    expect(status).toMatch(/^failed link_set ENODEV 19 nolink: /);
  });

  test("with operations in another order is refused", async () => {
    const [first, second, third, last] = keeper.plan();
    expect((await keeper.start([second!, first!, third!, last!])).status).toContain("0: keeper comes first");
    expect((await keeper.start([first!, last!, second!])).status).toContain("1: supervisor comes last");
    expect((await keeper.start([first!])).status).toMatch(/^failed plan EBADMSG/);
  });

  test("leaves small processes", async () => {
    await keeper.start();
    if (isSanitized) return;
    for (const name of ["pid", "listener_pid"]) {
      const status = readFileSync(`/proc/${keeper.record[name]}/status`, "utf8");
      expect(Number(/VmRSS:\s+(\d+)/.exec(status)![1])).toBeLessThan(1536);
    }
  });
});

describe("the supervisor", () => {
  test("is started again when it dies", async () => {
    await keeper.start();
    const first = keeper.record["supervisor_pid"]!;
    process.kill(first, "SIGKILL");
    await expect.poll(() => keeper.record["supervisor_pid"]).not.toBe(first);
    await expect.poll(() => isRunning(keeper.record["supervisor_pid"]!)).toBe(true);
  });

  test("that fails at once is started ever more seldom", async () => {
    const times = join(place.path, "times");
    await keeper.start(
      keeper.plan({ ...shell(`date +%s%N >> ${times}; exit 1`), restartMinMs: 20, restartMaxMs: 160 }),
    );
    const read = () => (existsSync(times) ? readFileSync(times, "utf8").trim().split("\n").map(Number) : []);
    await expect.poll(() => read().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(6);
    const starts = read().map((time) => time / 1e6);
    const gaps = starts.slice(1).map((time, index) => time - starts[index]!);
    for (const [index, least] of [20, 40, 80, 160, 160].entries())
      expect(gaps[index]).toBeGreaterThanOrEqual(least - 1);
  });

  test("that ends well ends the keeper, and nothing is left", async () => {
    await keeper.start(keeper.plan(shell(`while [ ! -e ${place.path}/go ]; do sleep 0.02; done`)));
    const { pid, listener_pid: listener } = keeper.record;
    writeFileSync(join(place.path, "go"), "");
    await expect.poll(() => isRunning(pid!) || isRunning(listener!)).toBe(false);
    expect([existsSync(keeper.controlPath), existsSync(keeper.statusPath)]).toEqual([false, false]);
  });
});

describe("the end", () => {
  const pids = () =>
    Object.entries(keeper.record).flatMap(([name, pid]) => (name.endsWith("pid") ? [pid] : []));
  const allEnded = (all: number[]) => expect.poll(() => all.filter(isRunning)).toEqual([]);

  test("by request asks the supervisor first, and leaves nothing", async () => {
    await keeper.start(keeper.plan(shell(`trap 'echo asked; exit 3' TERM; while :; do sleep 0.02; done`)));
    const all = pids();
    expect(await keeper.ask({ op: "keeper_quit" })).toBe("ok");
    await allEnded(all);
    expect(readFileSync(keeper.logPath, "utf8")).toBe("asked\n");
    expect([existsSync(keeper.controlPath), existsSync(keeper.statusPath)]).toEqual([false, false]);
  });

  test("by SIGTERM is the same", async () => {
    await keeper.start();
    const all = pids();
    process.kill(keeper.record["pid"]!, "SIGTERM");
    await allEnded(all);
    expect(existsSync(keeper.controlPath)).toBe(false);
  });

  test.each(["pid", "listener_pid"])("of the process %s by SIGKILL takes the others along", async (name) => {
    await keeper.start();
    const all = pids();
    process.kill(keeper.record[name]!, "SIGKILL");
    await allEnded(all);
  });

  test("does not come by signals that are not for it", async () => {
    await keeper.start();
    for (const signal of ["SIGHUP", "SIGINT", "SIGPIPE", "SIGUSR1"] as const)
      process.kill(keeper.record["pid"]!, signal);
    expect(await keeper.ask({ op: "forward_remove", id: "none" })).toBe("ok");
  });
});
