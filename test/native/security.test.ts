import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ALL_NAMESPACES, CLONE, containerPlan, execOp, shell, spawnOp } from "./support/plans.ts";
import { processStartTime } from "./support/processes.ts";
import { makeRootfs, type Workspace, workspace } from "./support/rootfs.ts";
import { isSanitized, run, shimPath, start } from "./support/shim.ts";

let place: Workspace;
let root: string;
beforeEach(() => {
  place = workspace();
  root = makeRootfs(join(place.path, "root"));
});
afterEach(() => place[Symbol.dispose]());

/** Starts a container that runs `script` for as long as the test does. */
async function running(script: string, init = false) {
  const { child, status } = start(
    containerPlan(root, shell(script), { inside: init ? [{ op: "init" }] : [] }),
  );
  child.stdout!.resume();
  const pid = Number((await status).split(" ")[1]);
  return { pid, [Symbol.dispose]: () => child.kill("SIGKILL") };
}

const enter = (pid: number) => ({
  op: "setns_process" as const,
  pid,
  startTime: processStartTime(pid),
  flags: ALL_NAMESPACES,
});

describe("the helper's own binary", () => {
  const digest = () => createHash("sha256").update(readFileSync(shimPath)).digest("hex");

  // The one with sanitizers is not static, so that it does not start in a container at all.
  test.skipIf(isSanitized)(
    "cannot be written to by a container that executes it (CVE-2019-5736)",
    async () => {
      const before = digest();
      symlinkSync("/proc/self/exe", join(root, "bin/trap"));
      using container = await running("exec sleep 1000");
      const trap = run([enter(container.pid), spawnOp(0n), execOp(["/bin/trap", "launch"])]);
      expect((await trap).status).toMatch(/^ok /);
      expect(digest()).toBe(before);
    },
  );

  test("cannot be written to as process 1 of a container, even by one that may trace it", async () => {
    const before = digest();
    using container = await running("exec sleep 1000", true);
    const attack = [
      "exec 5< /proc/1/exe && echo opened",
      "(echo overwritten >> /proc/1/exe) 2>/dev/null || echo refused",
      "(echo overwritten >> /proc/self/fd/5) 2>/dev/null || echo refused",
      "mount -o remount,rw,bind /proc/self/fd/5 2>/dev/null || echo refused",
    ].join("; ");
    const { stdout } = await run([enter(container.pid), spawnOp(0n), shell(attack)]);
    expect(stdout).toBe("opened\nrefused\nrefused\nrefused\n");
    expect(digest()).toBe(before);
  });
});

describe("a program", () => {
  test("inherits no descriptor but 0 to 2, whatever its caller has open", async () => {
    const leaked = openSync("/etc/passwd", "r");
    expect(leaked).toBeGreaterThan(2);
    const { stdout } = await run(containerPlan(root, shell("echo /proc/self/fd/*")));
    expect(stdout.replace(" /proc/self/fd/3", "")).toBe("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2\n");
  });

  test("that joins a container has no host directory to climb out by", async () => {
    using container = await running("exec sleep 1000");
    for (const fd of [3, 4, 5, 6, 7, 8]) {
      const { status } = await run([
        enter(container.pid),
        spawnOp(0n),
        { op: "cwd", path: `/proc/self/fd/${fd}`, create: 0, uid: 0, gid: 0 },
        shell("ls"),
      ]);
      expect(status, String(fd)).toMatch(/^failed cwd (ENOENT|ENOTDIR|EACCES) /);
    }
  });

  test("gets no terminal from a container that put something else in its place", async () => {
    using container = await running(
      "umount /dev/pts; mkdir -p /dev/pts; mknod /dev/pts/ptmx c 1 3; exec sleep 1000",
    );
    await expect
      .poll(async () => (await run([enter(container.pid), spawnOp(0n), shell("ls /dev/pts")])).stdout)
      .toBe("ptmx\n");
    const { status } = await run([
      enter(container.pid),
      spawnOp(0n, { rows: 1, cols: 1 }),
      { op: "terminal", console: 0, uid: 0 },
      shell("true"),
    ]);
    expect(status).toBe("failed terminal ENODEV 19 /dev/pts/ptmx: this is not a terminal file system\n");
  });
});

describe("the helper in a container", () => {
  test("not even root in it can look into the helper that stays as its init", async () => {
    const kept = 1n << 0n;
    const { stdout } = await run(
      containerPlan(root, shell("readlink /proc/$$/exe; readlink /proc/1/exe || echo refused"), {
        inside: [
          {
            op: "capabilities",
            bounding: kept,
            effective: kept,
            permitted: kept,
            inheritable: 0n,
            ambient: 0n,
          },
          { op: "init" },
        ],
      }),
    );
    expect(stdout).toBe("/bin/busybox\nrefused\n");
  });

  test("a link that is exchanged all the time never leads a mount out of the root", async () => {
    const outside = join(place.path, "outside");
    mkdirSync(outside);
    writeFileSync(join(place.path, "source"), "");
    mkdirSync(join(root, "swap"));
    const swapper = start([
      spawnOp(0n),
      execOp([
        "/bin/busybox",
        "sh",
        "-c",
        `cd ${root}; while :; do mv swap real; ln -s ${outside} swap; rm swap; mv real swap; done`,
      ]),
    ]);
    await swapper.status;
    for (let round = 0; round < 40; round++) {
      await run([
        spawnOp(CLONE.NEWNS),
        {
          op: "write_file",
          root,
          path: "/swap/file",
          mode: 0o600,
          uid: 0,
          gid: 0,
          content: new Uint8Array(),
        },
        { op: "mkdir", root, path: "/swap/directory", mode: 0o700, uid: 0, gid: 0 },
        execOp(["/bin/busybox", "true"]),
      ]);
    }
    swapper.child.kill("SIGKILL");
    await swapper.outcome;
    expect(execFileSync("ls", ["-A", outside], { encoding: "utf8" })).toBe("");
  });
});
