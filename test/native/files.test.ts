import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CopyTreeOp, Op } from "../../src/lib/launch-plan/index.ts";
import { CLONE, containerPlan, execOp, shell, spawnOp } from "./support/plans.ts";
import { makeRootfs, type Workspace, workspace } from "./support/rootfs.ts";
import { run } from "./support/shim.ts";

let place: Workspace;
let root: string;
beforeEach(() => {
  place = workspace();
  root = makeRootfs(join(place.path, "root"));
});
afterEach(() => place[Symbol.dispose]());

/** Status line of a plan that only makes files beneath root. */
async function make(...ops: Op[]): Promise<string> {
  const { status } = await run([spawnOp(CLONE.NEWNS), ...ops, execOp(["/bin/busybox", "true"])]);
  return status.startsWith("ok ") ? "ok" : status;
}
const inspect = (path: string, format = "%a %u %g %F") =>
  execFileSync("stat", ["-c", format, path], { encoding: "utf8" }).trim();
const owned = { uid: 12, gid: 34 };

describe("mkdir", () => {
  test("makes parents, and gives owner and exact mode to the last one only", async () => {
    expect(await make({ op: "mkdir", root, path: "/a/b", mode: 0o2777, ...owned })).toBe("ok");
    expect([inspect(join(root, "a")), inspect(join(root, "a/b"))]).toEqual([
      "755 0 0 directory",
      "2777 12 34 directory",
    ]);
  });

  test("leaves an existing directory as it is", async () => {
    expect(await make({ op: "mkdir", root, path: "/etc", mode: 0o700, ...owned })).toBe("ok");
    expect(inspect(join(root, "etc"))).toBe("755 0 0 directory");
  });

  test("fails on a file in its place", async () => {
    expect(await make({ op: "mkdir", root, path: "/etc/passwd", mode: 0o700, ...owned })).toBe(
      `failed mkdir ENOTDIR 20 /etc/passwd: making the directory beneath ${root}\n`,
    );
  });
});

describe("write_file", () => {
  const file = (path: string, content: string): Op => ({
    op: "write_file",
    root,
    path,
    mode: 0o440,
    ...owned,
    content: Buffer.from(content),
  });

  test("makes a file with exact owner and mode", async () => {
    expect(await make(file("/run/secrets/token", "secret\n"))).toBe("ok");
    expect(inspect(join(root, "run/secrets/token"))).toBe("440 12 34 regular file");
    expect(readFileSync(join(root, "run/secrets/token"), "utf8")).toBe("secret\n");
  });

  test("replaces the content of an existing one", async () => {
    expect(await make(file("/etc/passwd", "x"))).toBe("ok");
    expect(readFileSync(join(root, "etc/passwd"), "utf8")).toBe("x");
  });

  test("does not follow a link of the image, wherever it leads", async () => {
    writeFileSync(join(place.path, "host"), "host");
    symlinkSync(join(place.path, "host"), join(root, "etc/hosts"));
    expect(await make(file("/etc/hosts", "x"))).toBe(
      "failed write_file ELOOP 40 /etc/hosts: opening the file to write it\n",
    );
    expect(readFileSync(join(place.path, "host"), "utf8")).toBe("host");
  });

  test.each(["/", "/etc/..", "/.", ""])("refuses %j, which names no file", async (path) => {
    expect(await make(file(path, ""))).toMatch(/^failed write_file EINVAL 22 /);
  });

  test("refuses a device in its place", async () => {
    const device: Op = {
      op: "mknod",
      root,
      path: "/etc/x",
      mode: 0o20666,
      major: 1,
      minor: 3,
      uid: 0,
      gid: 0,
    };
    expect(await make(device, file("/etc/x", ""))).toBe(
      "failed write_file EINVAL 22 /etc/x: not a regular file\n",
    );
  });
});

test("symlink makes a link, and leaves what is there", async () => {
  const link = (path: string): Op => ({ op: "symlink", root, path, target: "/proc/self/fd" });
  expect(await make(link("/dev/fd"), link("/etc/passwd"))).toBe("ok");
  expect(inspect(join(root, "dev/fd"), "%N")).toContain("-> '/proc/self/fd'");
  expect(inspect(join(root, "etc/passwd"))).toContain("regular file");
});

test("mknod makes devices and fifos with exact mode and owner", async () => {
  const node = (path: string, mode: number): Op => ({
    op: "mknod",
    root,
    path,
    mode,
    major: 1,
    minor: 7,
    ...owned,
  });
  expect(await make(node("/dev/full", 0o20666), node("/dev/pipe", 0o10622))).toBe("ok");
  expect(inspect(join(root, "dev/full"), "%a %u %g %F %t:%T")).toBe("666 12 34 character special file 1:7");
  expect(inspect(join(root, "dev/pipe"))).toBe("622 12 34 fifo");
});

describe("copy_tree", () => {
  let op: CopyTreeOp;
  beforeEach(() => {
    mkdirSync(join(place.path, "volume"));
    op = {
      op: "copy_tree",
      root,
      source: "/data",
      target: join(place.path, "volume"),
      marker: join(place.path, "copied"),
    };
    execFileSync("sh", [
      "-c",
      `cd ${root}/data && mkdir -p sub/deep && echo one > one && ln one sub/two && ln -s ../one sub/link &&
       mkfifo pipe && mknod null c 1 3 && chmod 4751 one && chown 7:8 one sub && chmod 1770 . && chown 70:71 . &&
       setfattr -n user.note -v hello one 2>/dev/null; touch -d 2001-02-03 one sub; ln -s /no/where dangling`,
    ]);
  });
  const listing = (path: string) =>
    execFileSync("sh", ["-c", `cd ${path} && find . -printf '%p %M %U %G %l %n\\n' | sort`], {
      encoding: "utf8",
    });

  test("copies owners, modes, links, devices and times into an empty directory", async () => {
    expect(await make(op)).toBe("ok");
    expect(listing(op.target)).toBe(listing(join(root, "data")));
    expect(inspect(join(op.target, "one"), "%Y %i")).toBe(
      `${inspect(join(root, "data/one"), "%Y")} ${inspect(join(op.target, "sub/two"), "%i")}`,
    );
    expect(inspect(join(op.target, "sub"), "%Y")).toBe(inspect(join(root, "data/sub"), "%Y"));
    expect(readdirSync(place.path).sort()).toEqual(["copied", "root", "volume"]);
  });

  test("does nothing once the marker is there", async () => {
    writeFileSync(op.marker, "");
    expect(await make(op)).toBe("ok");
    expect(readdirSync(op.target)).toEqual([]);
  });

  test("leaves a directory with content alone, and marks it", async () => {
    writeFileSync(join(op.target, "mine"), "");
    expect(await make(op)).toBe("ok");
    expect(readdirSync(op.target)).toEqual(["mine"]);
    expect(existsSync(op.marker)).toBe(true);
  });

  test("redoes a copy that was interrupted", async () => {
    writeFileSync(join(op.target, "one"), "half");
    writeFileSync(`${op.marker}.progress`, "copying\n");
    expect(await make(op)).toBe("ok");
    expect(listing(op.target)).toBe(listing(join(root, "data")));
    expect(readFileSync(join(op.target, "one"), "utf8")).toBe("one\n");
  });

  test("is done once when two containers start together", async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => make(op)));
    expect(results).toEqual(["ok", "ok", "ok", "ok"]);
    expect(listing(op.target)).toBe(listing(join(root, "data")));
  });

  test("has nothing to do when the image has nothing there", async () => {
    expect(await make({ ...op, source: "/no/such" })).toBe("ok");
    expect(existsSync(op.marker)).toBe(true);
  });

  test("takes its source from within the root", async () => {
    symlinkSync("/etc", join(root, "escape"));
    expect(await make({ ...op, source: "/escape" })).toBe("ok");
    expect(readdirSync(op.target)).toEqual(["passwd"]);
  });

  test("names the volume that is missing", async () => {
    expect(await make({ ...op, target: "/no/volume" })).toBe(
      "failed copy_tree ENOENT 2 /no/volume: opening the volume\n",
    );
  });
});

describe("cwd", () => {
  const cwd = (path: string, create: number): Op => ({ op: "cwd", path, create, ...owned });
  const inDirectory = (...inside: Op[]) =>
    run(containerPlan(root, shell("pwd; stat -c '%a %u %g' ."), { inside }));

  test("is made when it is missing and that is wanted", async () => {
    expect((await inDirectory(cwd("/srv/app", 1))).stdout).toBe("/srv/app\n755 12 34\n");
    expect((await inDirectory(cwd("/srv/other", 0))).status).toBe(
      "failed cwd ENOENT 2 /srv/other: entering the working directory\n",
    );
  });

  test("fails on a file", async () => {
    expect((await inDirectory(cwd("/etc/passwd", 1))).status).toContain("failed cwd ENOTDIR 20 /etc/passwd");
  });
});
