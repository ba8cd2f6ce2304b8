import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { BindOp, Op, OverlayOp } from "../../src/lib/launch-plan/index.ts";
import { ownIdentity } from "../../src/lib/process-identity.ts";
import {
  ALL_NAMESPACES,
  CLONE,
  containerMounts,
  containerPlan,
  MS,
  shell,
  spawnOp,
} from "./support/plans.ts";
import { makeRootfs, type Workspace, workspace } from "./support/rootfs.ts";
import { run } from "./support/shim.ts";

let place: Workspace;
let root: string;
beforeEach(() => {
  place = workspace();
  root = makeRootfs(join(place.path, "root"));
});
afterEach(() => place[Symbol.dispose]());

/** Output of a script in a container that has these operations before pivot_root. */
async function inside(script: string, ...outside: Op[]) {
  const { status, stdout, stderr } = await run(containerPlan(root, shell(script), { outside }));
  return { status: status.replace(/\d+/, "PID"), stdout, stderr };
}
const mountOptions = (target: string) => `grep ' ${target} ' /proc/self/mountinfo | cut -d' ' -f6,7`;

describe("mount", () => {
  const mount = (type: string, target: string, flags: bigint, data: string): Op => ({
    op: "mount",
    root,
    target,
    type,
    source: type,
    flags,
    data,
  });

  test("makes the target and honours flags and options", async () => {
    const { stdout } = await inside(
      "stat -c '%a %u' /new/place; grep /new/place /proc/mounts",
      mount(
        "tmpfs",
        "/new/place",
        MS.NOSUID | MS.NODEV | MS.NOEXEC | MS.NOATIME,
        "size=64k,mode=1750,uid=33",
      ),
    );
    expect(stdout).toMatch(/^1750 33\ntmpfs \/new\/place tmpfs rw,nosuid,nodev,noexec,noatime,/);
    expect(stdout).toContain("size=64k");
  });

  test.each([
    ["mqueue", "/dev/mqueue"],
    ["cgroup2", "/sys/fs/cgroup"],
  ])("knows %s", async (type, target) => {
    const at = type === "cgroup2" ? "/tmp/cgroup" : target;
    const { stdout } = await inside(`grep -c '${type} ${at} ${type}' /proc/mounts`, mount(type, at, 0n, ""));
    expect(stdout).toBe("1\n");
  });

  test("passes on what the kernel says about a wrong option", async () => {
    const { status } = await inside("true", mount("tmpfs", "/tmp", 0n, "colour=red"));
    expect(status).toBe(
      "failed mount EINVAL PID tmpfs: setting the options: tmpfs: Unknown parameter 'colour'\n",
    );
  });

  test("names an unknown file system", async () => {
    const { status } = await inside("true", mount("nofs", "/tmp", 0n, ""));
    expect(status).toBe("failed mount ENODEV PID nofs: opening the file system type\n");
  });
});

describe("bind", () => {
  const bind = (source: string, target: string, changes: Partial<BindOp> = {}): BindOp => ({
    op: "bind",
    root,
    target,
    source,
    flags: MS.REC,
    propagation: 0n,
    subpath: "",
    ...changes,
  });
  const hostDirectory = (name: string) => {
    const path = join(place.path, name);
    mkdirSync(join(path, "inner"), { recursive: true });
    writeFileSync(join(path, "file"), `${name}\n`);
    return path;
  };

  test("shows a directory, making its target", async () => {
    const source = hostDirectory("source");
    const { stdout } = await inside(
      "cat /made/here/file; echo new > /made/here/made",
      bind(source, "/made/here"),
    );
    expect(stdout).toBe("source\n");
    expect(readFileSync(join(source, "made"), "utf8")).toBe("new\n");
  });

  test("shows a file, making its target", async () => {
    const source = hostDirectory("source");
    const { stdout } = await inside("cat /etc/deep/file", bind(join(source, "file"), "/etc/deep/file"));
    expect(stdout).toBe("source\n");
  });

  test("is read-only in all that is mounted beneath the source", async () => {
    const source = hostDirectory("source");
    const nested = bind(hostDirectory("nested"), join(source, "inner"), { root: "/" });
    const readonly = bind(source, "/data", { flags: MS.REC | MS.RDONLY });
    const { stdout } = await inside(
      "touch /data/x; touch /data/inner/x; cat /data/inner/file",
      nested,
      readonly,
    );
    expect(stdout).toBe("nested\n");
    expect(existsSync(join(place.path, "nested/x"))).toBe(false);
    expect(existsSync(join(source, "x"))).toBe(false);
  });

  test("honours nosuid, nodev, noexec and propagation", async () => {
    const flags = MS.REC | MS.NOSUID | MS.NODEV | MS.NOEXEC;
    const { stdout } = await inside(
      mountOptions("/data"),
      bind(hostDirectory("source"), "/data", { flags, propagation: MS.PRIVATE | MS.REC }),
    );
    expect(stdout).toBe("rw,nosuid,nodev,noexec,relatime -\n");
  });

  test("takes a path beneath the source", async () => {
    const { stdout } = await inside(
      "ls /data",
      bind(hostDirectory("source"), "/data", { subpath: "inner/.." }),
    );
    expect(stdout).toBe("file\ninner\n");
  });

  test("resolves a path beneath the source within the source", async () => {
    const source = hostDirectory("source");
    symlinkSync("/etc", join(source, "out"));
    const { status } = await inside("true", bind(source, "/data", { subpath: "out" }));
    expect(status).toBe(`failed bind ENOENT PID ${source}: opening what is to be mounted at /data\n`);
  });

  test("resolves its target within the root, so that an image's link does not lead out", async () => {
    const source = hostDirectory("source");
    const outside = hostDirectory("outside");
    mkdirSync(join(root, outside), { recursive: true });
    symlinkSync(outside, join(root, "link"));
    const { stdout } = await inside(`cat ${outside}/file; ls /link`, bind(source, "/link"));
    expect(stdout).toBe("source\nfile\ninner\n");
  });

  test("makes what a dangling link of the image points at, within the root", async () => {
    symlinkSync("/run/missing", join(root, "var"));
    const { stdout } = await inside("cat /run/missing/data/file", bind(hostDirectory("source"), "/var/data"));
    expect(stdout).toBe("source\n");
  });

  test("gives up on links that go round", async () => {
    symlinkSync("/b", join(root, "a"));
    symlinkSync("/a", join(root, "b"));
    const { status } = await inside("true", bind(hostDirectory("source"), "/a/data"));
    expect(status).toBe(`failed bind ELOOP PID /a/data: opening the mount point beneath ${root}\n`);
  });

  test("names a source that is missing", async () => {
    const { status } = await inside("true", bind("/no/source", "/data"));
    expect(status).toBe("failed bind ENOENT PID /no/source: opening what is to be mounted at /data\n");
  });
});

describe("overlay", () => {
  const overlay = (lower: string[], changes: Partial<OverlayOp> = {}): OverlayOp => ({
    op: "overlay",
    target: join(place.path, "merged"),
    lower,
    upper: join(place.path, "upper"),
    work: join(place.path, "work"),
    flags: 0n,
    options: [],
    ...changes,
  });
  /** Runs a script in a container whose root is this overlay. */
  const onOverlay = (op: OverlayOp, script: string) => {
    for (const name of ["merged", "upper", "work"]) mkdirSync(join(place.path, name), { recursive: true });
    const mounts = containerMounts(op.target).filter(({ op: name }) => name !== "bind");
    const [propagation, ...others] = mounts;
    return run([spawnOp(ALL_NAMESPACES), propagation!, op, ...others, shell(script)]);
  };
  const layer = (name: string, content: string, parent = place.path) => {
    const path = join(parent, name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "who"), content);
    writeFileSync(join(path, `only-${name}`), "");
    return path;
  };

  test("stacks layers, topmost first, and writes to the upper one", async () => {
    const lower = [layer("top", "top\n"), layer("middle", "middle\n"), root];
    const { stdout } = await onOverlay(overlay(lower), "cat /who; ls -d /only-*; echo new > /written");
    expect(stdout).toBe("top\n/only-middle\n/only-top\n");
    expect(readFileSync(join(place.path, "upper/written"), "utf8")).toBe("new\n");
    expect(existsSync(join(root, "written"))).toBe(false);
  });

  test("is read-only without an upper directory", async () => {
    const { stdout, stderr } = await onOverlay(
      overlay([layer("top", ""), root], { upper: "", work: "" }),
      "touch /x",
    );
    expect(stdout).toBe("");
    expect(stderr).toContain("Read-only file system");
  });

  test("takes more layers than a page of mount options could name", async () => {
    const lower = Array.from({ length: 200 }, (_, index) => layer(`layer-${index}`, `${index}\n`));
    const { stdout, status } = await onOverlay(overlay([...lower, root]), "cat /who; ls -d /only-* | wc -l");
    expect({ stdout, status }).toEqual({ stdout: "0\n200\n", status: expect.stringMatching(/^ok/) });
  });

  test("takes layers whose paths are longer than a value may be", async () => {
    const deep = join(place.path, "d".repeat(200), "e".repeat(200));
    const { stdout } = await onOverlay(overlay([layer("top", "deep\n", deep), root]), "cat /who");
    expect(stdout).toBe("deep\n");
  });

  test("passes options on", async () => {
    const { stdout } = await onOverlay(
      overlay([layer("top", ""), root], { options: ["index=off", "volatile"] }),
      "grep -o volatile /proc/mounts",
    );
    expect(stdout).toBe("volatile\n");
  });

  test("names the layer that is missing", async () => {
    const { status } = await onOverlay(overlay(["/no/layer", root]), "true");
    expect(status).toContain("failed overlay ENOENT 2 /no/layer: ");
  });
});

describe("mask and readonly", () => {
  const mask = (path: string): Op => ({ op: "mask", root, path });
  const readonly = (path: string): Op => ({ op: "readonly", root, path });

  test("a masked file is empty, a masked directory is empty and read-only", async () => {
    writeFileSync(join(root, "etc/secret"), "secret");
    mkdirSync(join(root, "etc/secrets"));
    writeFileSync(join(root, "etc/secrets/one"), "secret");
    const { stdout } = await inside(
      "cat /etc/secret; ls -A /etc/secrets; touch /etc/secrets/x || echo refused",
      mask("/etc/secret"),
      mask("/etc/secrets"),
    );
    expect(stdout).toBe("refused\n");
  });

  test("a masked path that is missing is not an error", async () => {
    const { stdout } = await inside(
      "echo ran",
      mask("/no/such"),
      mask("/etc/passwd/no"),
      readonly("/no/such"),
    );
    expect(stdout).toBe("ran\n");
  });

  test("a read-only path stays as it is otherwise", async () => {
    const { stdout } = await inside(
      `touch /proc/sys/x || echo refused; ${mountOptions("/proc/sys")}; touch /etc/fine && echo fine`,
      readonly("/proc/sys"),
    );
    expect(stdout).toMatch(/^refused\nro,nosuid,nodev,noexec,relatime .*\nfine\n$/);
  });

  test("a read-only root leaves what is mounted beneath it writable", async () => {
    const { stdout } = await inside("touch /x || echo refused; touch /dev/x && echo fine", readonly("/"));
    expect(stdout).toBe("refused\nfine\n");
  });
});

describe("borrow", () => {
  const { pid, startTime } = ownIdentity();
  const borrow = (path: string, start = startTime): Op => ({
    op: "borrow",
    root,
    target: "/borrowed",
    pid,
    startTime: BigInt(start),
    path,
    flags: MS.REC | MS.NOEXEC,
    propagation: 0n,
  });

  test("binds what a process has in its mount namespace, with the flags given", async () => {
    writeFileSync(join(place.path, "file"), "lent\n");
    const { stdout } = await inside(`cat /borrowed/file; ${mountOptions("/borrowed")}`, borrow(place.path));
    expect(stdout).toMatch(/^lent\nrw,.*noexec/);
  });

  test("refuses a process of the same number that started at another time", async () => {
    const { status } = await inside("true", borrow(place.path, startTime + 1));
    expect(status).toMatch(/^failed borrow ESRCH/);
  });

  test("names a path that is missing", async () => {
    const { status } = await inside("true", borrow("/not-there"));
    expect(status).toMatch(/^failed borrow ENOENT PID \/not-there/);
  });
});

test("nothing of the host is left in sight or in its mount table", async () => {
  const { stdout } = await inside("cat /proc/self/mountinfo | wc -l; ls /");
  expect(stdout).toBe("5\nbin\ndata\ndev\netc\nhome\nproc\nroot\nsys\ntmp\n");
  expect(execFileSync("cat", ["/proc/self/mountinfo"], { encoding: "utf8" })).not.toContain(place.path);
});

test("mount_propagation and pivot_root name their subject when they fail", async () => {
  const failing = async (op: Op) => (await run([spawnOp(CLONE.NEWNS), op, shell("true")])).status;
  expect(await failing({ op: "mount_propagation", path: "/no", flags: MS.PRIVATE })).toBe(
    "failed mount_propagation ENOENT 2 /no: changing the propagation to 0x40000\n",
  );
  expect(await failing({ op: "pivot_root", root: "/no" })).toBe(
    "failed pivot_root ENOENT 2 /no: entering the new root\n",
  );
});
