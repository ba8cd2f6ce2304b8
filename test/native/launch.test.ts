import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Op } from "../../src/lib/launch-plan/index.ts";
import { ALL_NAMESPACES, CLONE, containerPlan, execOp, shell, spawnOp } from "./support/plans.ts";
import { isRunning, processStartTime } from "./support/processes.ts";
import { makeRootfs, type Workspace, workspace } from "./support/rootfs.ts";
import { run, start } from "./support/shim.ts";

let place: Workspace;
let root: string;
beforeAll(() => {
  place = workspace();
  root = makeRootfs(join(place.path, "root"));
});
afterAll(() => place[Symbol.dispose]());

const onHost = (...ops: Op[]) => [spawnOp(0n), ...ops];
const busybox = (...argv: string[]) => execOp(["/bin/busybox", ...argv]);

describe("the exit code", () => {
  test.each([0, 1, 2, 42, 125, 126, 127, 128, 200, 255])(
    "%i of the program is the helper's",
    async (code) => {
      const outcome = await run(onHost(busybox("sh", "-c", `exit ${code}`)));
      expect(outcome).toMatchObject({ code, signal: null });
      expect(outcome.status).toMatch(/^ok \d+\n$/);
    },
  );

  test.each([1, 6, 9, 11, 15])("of a program killed by signal %i is 128 more", async (signal) => {
    expect(await run(onHost(busybox("sh", "-c", `kill -${signal} $$`)))).toMatchObject({
      code: 128 + signal,
    });
  });

  test("is 127 when the program is not there", async () => {
    const { code, status } = await run(onHost(execOp(["no-such-program"], ["PATH=/bin:/usr/bin"])));
    expect({ code, status }).toEqual({
      code: 127,
      status: "failed exec ENOENT 2 no-such-program: executing the program\n",
    });
  });

  test.each(["/etc/passwd", "/"])("is 126 when %s cannot be executed", async (path) => {
    const { code, status } = await run(onHost(execOp([path])));
    expect({ code, status }).toEqual({
      code: 126,
      status: `failed exec EACCES 13 ${path}: executing the program\n`,
    });
  });

  test("is 125 when the helper fails before", async () => {
    const { code, status } = await run(
      onHost({ op: "cwd", path: "/no/such/place", create: 0, uid: 0, gid: 0 }, busybox("true")),
    );
    expect({ code, status }).toEqual({
      code: 125,
      status: "failed cwd ENOENT 2 /no/such/place: entering the working directory\n",
    });
  });
});

describe("the program", () => {
  test("is looked up in PATH of its own environment, and gets just that environment", async () => {
    const { stdout } = await run(containerPlan(root, execOp(["env"], ["PATH=/nowhere:/bin", "A=b c"])));
    expect(stdout).toBe("PATH=/nowhere:/bin\nA=b c\n");
  });

  test("is process 1, with a host name of its own", async () => {
    const { stdout } = await run(
      containerPlan(root, shell("echo $$; hostname; ls /proc | grep -c '^[0-9]'"), {
        inside: [{ op: "hostname", name: "box" }],
      }),
    );
    expect(stdout).toBe("1\nbox\n3\n");
  });

  test("starts with default signal dispositions, an empty mask and umask 022", async () => {
    const { stdout } = await run(containerPlan(root, execOp(["cat", "/proc/self/status"])));
    for (const name of ["SigBlk", "SigIgn", "SigCgt"]) expect(stdout).toContain(`${name}:\t0000000000000000`);
    expect(stdout).toContain("Umask:\t0022");
  });

  test("leads a session of its own", async () => {
    const { stdout } = await run(onHost(busybox("sh", "-c", "cut -d' ' -f1,6 /proc/$$/stat; :")));
    const [pid, session] = stdout.trim().split(" ");
    expect(session).toBe(pid);
  });

  test("gets the signals that the helper gets", async () => {
    const { child, outcome } = start(
      containerPlan(
        root,
        shell("trap 'echo caught; exit 9' USR1; echo ready; while :; do read x < /dev/zero & wait; done"),
      ),
    );
    child.stdout!.once("data", () => child.kill("SIGUSR1"));
    expect(await outcome).toMatchObject({ code: 9, stdout: "ready\ncaught\n" });
  });

  test("dies with the helper", async () => {
    const { child, status } = start(onHost(busybox("sleep", "1000")));
    const pid = Number((await status).split(" ")[1]);
    child.kill("SIGKILL");
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test("dies with the helper also after a change of credentials", async () => {
    const { child, status } = start(
      onHost({ op: "groups", gids: [] }, { op: "user", uid: 1000, gid: 1000 }, busybox("sleep", "1000")),
    );
    const pid = Number((await status).split(" ")[1]);
    child.kill("SIGKILL");
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

describe("init", () => {
  const withInit = (script: string) => containerPlan(root, shell(script), { inside: [{ op: "init" }] });

  test("runs the program beside it and ends as it ends", async () => {
    const { stdout, code } = await run(withInit("echo $$; cat /proc/1/comm; exit 17"));
    expect({ stdout, code }).toEqual({ stdout: "2\ngantry-init\n", code: 17 });
  });

  test("turns a deadly signal into 128+n", async () => {
    expect(await run(withInit("kill -KILL $$"))).toMatchObject({ code: 137 });
  });

  test("reaps orphans", async () => {
    const { stdout } = await run(
      withInit(
        "(sh -c 'exit 0' & ) ; i=0; while grep -qs Z /proc/[0-9]*/stat && [ $i -lt 500 ]; do i=$((i+1)); done; grep -cs 'Z' /proc/[0-9]*/stat | grep -c ':1'",
      ),
    );
    expect(stdout).toBe("0\n");
  });

  test("passes signals on, which process 1 itself would not get by default", async () => {
    const { child, outcome } = start(withInit("echo ready; exec sleep 1000"));
    child.stdout!.once("data", () => child.kill("SIGTERM"));
    expect(await outcome).toMatchObject({ code: 143 });
  });
});

describe("exec into a running container", () => {
  test("joins the namespaces of its process", async () => {
    using container = await running();
    const { stdout, code } = await run([
      {
        op: "setns_process",
        pid: container.pid,
        startTime: processStartTime(container.pid),
        flags: ALL_NAMESPACES,
      },
      spawnOp(0n),
      { op: "cwd", path: "/tmp", create: 0, uid: 0, gid: 0 },
      shell("hostname; pwd; cat /proc/1/comm; exit 5"),
    ]);
    expect({ stdout, code }).toEqual({ stdout: "box\n/tmp\nsleep\n", code: 5 });
  });

  test("refuses a process that is not the one that was meant", async () => {
    using container = await running();
    const { status, code } = await run([
      { op: "setns_process", pid: container.pid, startTime: 1n, flags: ALL_NAMESPACES },
      spawnOp(0n),
      shell("true"),
    ]);
    expect({ status, code }).toEqual({
      status: `failed setns_process ESRCH 3 ${container.pid}: the process has ended\n`,
      code: 125,
    });
  });

  test("joins one namespace by its path", async () => {
    using container = await running();
    const { stdout } = await run([
      { op: "setns", path: `/proc/${container.pid}/ns/uts`, flags: CLONE.NEWUTS },
      spawnOp(0n),
      busybox("hostname"),
    ]);
    expect(stdout).toBe("box\n");
  });

  async function running() {
    const plan = containerPlan(root, execOp(["sleep", "1000"]), {
      inside: [{ op: "hostname", name: "box" }],
    });
    const { child, status } = start(plan);
    return { pid: Number((await status).split(" ")[1]), [Symbol.dispose]: () => child.kill("SIGKILL") };
  }
});
