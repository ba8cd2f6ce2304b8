import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostHierarchies } from "../../../src/runtime/cgroup/hierarchies.ts";
import { canHandleStopSignal, sweepContainers } from "../../../src/runtime/index.ts";
import { Box } from "./box.ts";

let box: Box;
beforeAll(() => {
  box = new Box();
});
afterAll(() => box[Symbol.asyncDispose]());

const outputOf = async (script: string, changes: Parameters<Box["start"]>[1] = {}) =>
  (await box.start(script, changes)).output();
const hasController = (name: string) =>
  hostHierarchies().some(({ controllers }) => controllers.includes(name));

describe("restrictions as seen from inside", () => {
  test("Docker's capabilities, a filter, no new privileges only on demand", async () => {
    const wanted = "grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|Seccomp|NoNewPrivs):' /proc/self/status";
    expect(await outputOf(wanted)).toEqual([
      "CapInh:\t0000000000000000",
      "CapPrm:\t00000000a80425fb",
      "CapEff:\t00000000a80425fb",
      "CapBnd:\t00000000a80425fb",
      "CapAmb:\t0000000000000000",
      "NoNewPrivs:\t0",
      "Seccomp:\t2",
    ]);
    expect(
      await outputOf("grep NoNewPrivs /proc/self/status", { securityOpt: ["no-new-privileges"] }),
    ).toEqual(["NoNewPrivs:\t1"]);
  });

  test("the filter refuses what it should, and not to a container without one", async () => {
    const tryMount = "mkdir -p /mnt; mount -t tmpfs none /mnt 2>&1; unshare -U true 2>&1; echo $?";
    const [mount, unshare, code] = await outputOf(tryMount, { capAdd: ["SYS_ADMIN"], capDrop: [] });
    expect([mount, unshare, code]).toEqual(["0", undefined, undefined]);
    const refused = await outputOf(tryMount);
    expect(refused[0]).toContain("ermission denied");
    expect(refused.at(-1)).toBe("1");
    expect(await outputOf(tryMount, { securityOpt: ["seccomp=unconfined"] })).toHaveLength(2);
  });

  test("kernel settings cannot be written, kernel information not be read", async () => {
    const lines = await outputOf(
      "exec 2>&1; echo 1 > /proc/sys/kernel/panic; touch /sys/x; ls /sys/firmware | wc -l; wc -c < /proc/keys",
    );
    expect(lines).toEqual([
      "/bin/sh: can't create /proc/sys/kernel/panic: Read-only file system",
      "touch: /sys/x: Read-only file system",
      "0",
      existsSync("/proc/keys") ? "0" : expect.stringContaining("no such file"),
    ]);
  });

  test("the default devices, and no other can be opened", async () => {
    expect(await outputOf("ls /dev")).toEqual(
      "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero".split(" "),
    );
    const made = await outputOf("mknod /tmp/kmsg c 1 11 && head -c1 /tmp/kmsg 2>&1");
    if (hasController("devices")) expect(made.join()).toContain("peration not permitted");
    expect(await outputOf("echo x > /dev/null && head -c4 /dev/zero | wc -c")).toEqual(["4"]);
  });

  test("its own cgroups, read-only", async () => {
    const lines = await outputOf(
      "exec 2>&1; grep -vE ':/$' /proc/self/cgroup; touch /sys/fs/cgroup/x; cd /sys/fs/cgroup; for d in memory unified; do test -d $d && mkdir $d/x && echo made; done; head -n1 /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs",
    );
    expect(lines.join("\n")).not.toContain("made");
    expect(lines).toContain("touch: /sys/fs/cgroup/x: Read-only file system");
    expect(lines.some((line) => line.includes(":/.."))).toBe(false);
    // The first process in its cgroup is its own process 1, not one of the host (0: of another namespace).
    expect(lines).toContain("1");
    expect(lines).not.toContain("0");
  });

  test("a read-only root, with what is mounted in it still writable", async () => {
    const lines = await outputOf(
      "exec 2>&1; touch /x; touch /data/x && echo data; touch /dev/shm/x && echo shm; pwd",
      {
        readOnly: true,
        tmpfs: [{ target: "/data", options: ["mode=700"] }],
        workingDirectory: "/made/for/it",
      },
    );
    expect(lines).toEqual(["touch: /x: Read-only file system", "data", "shm", "/made/for/it"]);
  });

  test("a privileged container has the host's devices and no filter", async () => {
    const lines = await outputOf(
      "grep -E 'CapEff|Seccomp:' /proc/self/status; ls /dev | wc -l; touch /proc/sys/kernel/x",
      {
        privileged: true,
      },
    );
    expect(lines[1]).toBe("Seccomp:\t0");
    expect(Number(lines[2])).toBeGreaterThan(12);
    expect(lines[3]).not.toContain("Read-only");
  });
});

describe("identity", () => {
  test("user, groups, home, working directory, host name, environment", async () => {
    const lines = await outputOf(
      "id -u; id -g; id -G; echo $HOME; pwd; hostname; echo $HOSTNAME $A; grep CapEff /proc/self/status",
      {
        user: "app",
        groupAdd: ["7"],
        workingDirectory: "/root/private",
        hostname: "web-1",
        env: ["PATH=/bin", "A=b"],
      },
    );
    expect(lines).toEqual([
      "1000",
      "1000",
      "1000 7 44",
      "/tmp",
      "/root/private",
      "web-1",
      "web-1 b",
      "CapEff:\t0000000000000000",
    ]);
  });

  test("process 1 of its namespace, or the child of one that reaps", async () => {
    expect(await outputOf("echo $$")).toEqual(["1"]);
    expect(await outputOf("echo $$; (sleep 0 &) ; true", { init: true })).toEqual(["2"]);
  });

  test("limits and kernel parameters", async () => {
    const lines = await outputOf(
      "ulimit -n; cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/net/core/somaxconn",
      {
        ulimits: { nofile: { soft: 64, hard: 128 } },
        sysctls: { "net.core.somaxconn": "99" },
      },
    );
    expect(lines).toEqual(["64", "0", "99"]);
  });

  test("extra files with their mode, and mounts over them", async () => {
    const lines = await outputOf(
      "cat /etc/hosts; ls -l /etc/hosts | head -c10; cat /mnt/etc/group | head -c4",
      {
        files: [{ path: "/etc/hosts", content: "127.0.0.1 here\n", mode: 0o644 }],
        mounts: [{ source: box.layer, target: "/mnt", readOnly: true }],
      },
    );
    expect(lines[0]).toBe("127.0.0.1 here");
    expect(lines[1]).toContain("-rw-r--r--");
  });
});

describe("limits", () => {
  test.runIf(hasController("pids"))("of processes", async () => {
    const container = await box.start("for i in 1 2 3 4 5 6; do sleep 100 & done; wait", {
      resources: { pids: 4 },
    });
    const { code } = await container.ended();
    expect(code).not.toBe(0);
    expect((await container.output()).join()).toContain("can't fork");
  });

  test.runIf(hasController("memory"))("of memory: killed, and known to have been for that", async () => {
    const container = await box.start("x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done", {
      resources: { memory: 16 * 1024 * 1024 },
    });
    expect(await container.ended()).toMatchObject({ code: 137, signal: 9, oom: true });
  });

  test.runIf(hasController("cpu"))("of processors, in the cgroup's files", async () => {
    const container = await box.start("sleep 1000", { resources: { cpus: 0.5, cpuShares: 512 } });
    const texts = container.cgroup.directories.flatMap((directory) =>
      ["cpu.cfs_quota_us", "cpu.shares", "cpu.max"]
        .map((file) => join(directory, file))
        .filter(existsSync)
        .map((path) => readFileSync(path, "utf8").trim()),
    );
    expect([["50000", "512"], ["50000 100000"]]).toContainEqual(texts.toSorted().reverse().toSorted());
  });

  test("that the kernel refuses are errors that name them", async () => {
    if (!hasController("cpuset")) return;
    await expect(box.start("true", { resources: { cpuset: "900-901" } })).rejects.toThrowError(
      "the kernel refuses 900-901 as processor set",
    );
  });
});

describe("life", () => {
  test.each([
    ["exit 0", { code: 0, signal: 0, oom: false }],
    ["exit 42", { code: 42, signal: 0, oom: false }],
  ])("%s", async (script, expected) => {
    expect(await (await box.start(script)).ended()).toMatchObject(expected);
  });

  test("a killed one has 128 and the signal, and its state is derived", async () => {
    const container = await box.start("sleep 1000");
    expect(container.status().status).toBe("running");
    container.monitor!.signal(9);
    expect(await container.ended()).toMatchObject({ code: 137, signal: 9, oom: false });
    expect(container.status().status).toBe("exited");
  });

  test("frozen it is paused, thawed it runs", async () => {
    const container = await box.start("sleep 1000");
    container.cgroup.freeze();
    expect(container.status().status).toBe("paused");
    container.cgroup.thaw();
    expect(container.status().status).toBe("running");
  });

  test("only what handles its stop signal is waited for", async () => {
    const deaf = await box.start("exec sleep 1000");
    const hearing = await box.start("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done");
    await expect.poll(() => canHandleStopSignal(hearing.status().process!.pid, 15)).toBe(true);
    expect(canHandleStopSignal(deaf.status().process!.pid, 15)).toBe(false);
    hearing.monitor!.signal(15);
    expect(await hearing.ended()).toMatchObject({ code: 3 });
  });

  test("its output is logged by stream, an unfinished line too", async () => {
    const container = await box.start("echo out; echo err >&2; printf unfinished");
    expect((await container.output()).toSorted()).toEqual(["err", "out", "unfinished"]);
  });

  test("a terminal is one", async () => {
    const lines = await outputOf("test -t 0 && test -t 1 && echo terminal; ls /dev/console; echo $TERM", {
      tty: true,
    });
    expect(lines.map((line) => line.replace("\r", ""))).toEqual(["terminal", "/dev/console", "xterm"]);
  });
});

describe("exec", () => {
  test("has the container's view and restrictions", async () => {
    const container = await box.start("exec sleep 1000", { hostname: "here", capDrop: ["ALL"] });
    const { exitCode, output } = await container.exec([
      "sh",
      "-c",
      "hostname; grep -E 'CapBnd|Seccomp:' /proc/self/status; exit 7",
    ]);
    expect(exitCode).toBe(7);
    expect(output).toBe("here\nCapBnd:\t0000000000000000\nSeccomp:\t2\n");
  });

  test("is killed when it takes too long, with what it started", async () => {
    const container = await box.start("exec sleep 1000");
    const late = await container.exec(["sh", "-c", "echo begun; sleep 777"], 200);
    expect(late).toEqual({ exitCode: -1, output: "begun\n" });
  });

  test("of a program that is not there says so", async () => {
    const container = await box.start("exec sleep 1000");
    expect(await container.exec(["nothing"])).toMatchObject({
      exitCode: 127,
      output: expect.stringContaining("nothing"),
    });
  });
});

describe("failures to launch", () => {
  test.each([
    ["a missing program", { argv: ["/bin/nothing"] }, "command-not-found", 127],
    ["a file that is no program", { argv: ["/etc/passwd"] }, "command-not-executable", 126],
    [
      "a missing mount source",
      { mounts: [{ source: "/does/not/exist", target: "/x", readOnly: false }] },
      "mount-source-missing",
      125,
    ],
    ["an unknown kernel parameter", { sysctls: { "net.nothing": "1" } }, "sysctl-refused", 125],
  ])("%s", async (_title, changes, code, exitCode) => {
    await expect(box.start("true", changes)).rejects.toMatchObject({ code, exitCode });
  });
});

test("removal leaves no cgroup, run directory or data directory behind", async () => {
  const container = await box.start("sleep 1000 & sleep 1000 & wait");
  const groups = container.cgroup.directories;
  expect(groups.length).toBeGreaterThan(0);
  await container.remove();
  expect([...groups, container.directory].filter(existsSync)).toEqual([]);
  expect(readdirSync(join(box.roots.run, "containers"))).not.toContain(container.id);
});

test("removing the cgroups kills what is still in them, frozen or not", async () => {
  const container = await box.start("sleep 1000 & sleep 1000 & wait");
  const groups = container.cgroup.directories;
  container.cgroup.freeze();
  await container.cgroup.remove();
  expect(await container.ended()).toMatchObject({ code: 137, signal: 9 });
  expect(groups.filter(existsSync)).toEqual([]);
});

test("what a killed process left half made is swept, what lives is kept", async () => {
  const container = await box.start("sleep 1000");
  const abandoned = join(box.roots.data, "containers/.incoming-999999-1-abcdef");
  mkdirSync(join(abandoned, "upper"), { recursive: true });
  writeFileSync(join(abandoned, "container.json"), "{}");
  mkdirSync(join(box.roots.run, "containers/gone"), { recursive: true });
  await sweepContainers(box.roots);
  expect([existsSync(abandoned), existsSync(join(box.roots.run, "containers/gone"))]).toEqual([false, false]);
  expect(container.status().status).toBe("running");
});
