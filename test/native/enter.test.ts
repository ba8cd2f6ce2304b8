import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { execOp, spawnOp } from "./support/plans.ts";
import { isRunning } from "./support/processes.ts";
import { shimPath, start } from "./support/shim.ts";

/** An id that no account has, and so no range of others. */
const USER = 54_321;

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "gantry-enter-"));
  chmodSync(base, 0o755);
  // A checkout may be closed to others.
  copyFileSync(shimPath, join(base, "shim"));
  copyFileSync("/bin/sleep", join(base, "gantry-sleep"));
  mkdirSync(join(base, "runtime"), { mode: 0o700 });
  chownSync(join(base, "runtime"), USER, USER);
});
afterEach(async () => {
  await until("the pause process has ended", () => !existsSync(recordPath()));
  rmSync(base, { recursive: true });
});

const recordPath = () => join(base, "runtime/gantry/namespace");
const pausePid = () => Number(/^pid (\d+)$/m.exec(readFileSync(recordPath(), "utf8"))![1]);
const words = (...program: string[]) => [
  ...["--reuid", String(USER), "--regid", String(USER), "--clear-groups"],
  ...[join(base, "shim"), "enter", ...program],
];
const environment = () => ({
  PATH: "/usr/bin:/bin",
  XDG_RUNTIME_DIR: join(base, "runtime"),
  ASAN_OPTIONS: "detect_leaks=0",
});
const enter = (...program: string[]) =>
  spawnSync("setpriv", words(...program), { env: environment(), encoding: "utf8" });

/** A program in the user's namespace that stays, and that a later command knows for gantry's by its name. */
async function staying(): Promise<ChildProcess> {
  const child = spawn("setpriv", words(join(base, "gantry-sleep"), "1000"), { env: environment() });
  await until("it is in the namespace", () => namespaceOf(child.pid!) !== namespaceOf("self"));
  await until(
    "it is that program",
    () => readFileSync(`/proc/${child.pid}/comm`, "utf8") === "gantry-sleep\n",
  );
  return child;
}

const namespaceOf = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/user`);

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await until("it has ended", () => !isRunning(child.pid!));
}

describe("enter", () => {
  test("makes an ordinary user root of a namespace with mounts of its own, and tells who it was", () => {
    const script =
      "id -u; cat /proc/self/uid_map /proc/self/setgroups; echo $GANTRY_ROOTLESS $GANTRY_RUNTIME_DIR";
    const { stdout, status } = enter("sh", "-c", `${script}; readlink /proc/self/ns/mnt`);
    expect(status).toBe(0);
    const [id, map, setgroups, told, mounts] = stdout.trim().split("\n");
    expect([id, map!.trim().split(/\s+/), setgroups]).toEqual(["0", ["0", String(USER), "1"], "deny"]);
    expect(told).toBe(`${USER} ${join(base, "runtime")}`);
    expect(mounts).not.toBe(readlinkSync("/proc/self/ns/mnt"));
  });

  test("comes back to the same namespace while anybody is in it, whatever is killed", async () => {
    const first = await staying();
    const namespace = namespaceOf(first.pid!);
    const pause = pausePid();
    expect(enter("readlink", "/proc/self/ns/user").stdout.trim()).toBe(namespace);
    process.kill(pause, "SIGKILL");
    await until("the pause process has gone", () => !isRunning(pause));
    expect(enter("readlink", "/proc/self/ns/user").stdout.trim(), "found by who is in it").toBe(namespace);
    expect(pausePid(), "another pause process").not.toBe(pause);
    expect(isRunning(pausePid())).toBe(true);
    await end(first);
    await until("nobody needs the namespace", () => !existsSync(recordPath()));
  });

  test("of several at once all are in one namespace", async () => {
    const held = await Promise.all(Array.from({ length: 4 }, staying));
    expect(new Set(held.map(({ pid }) => namespaceOf(pid!))).size).toBe(1);
    for (const child of held) await end(child);
  });

  test("executes the program all the same where the runtime directory is not the user's alone, and says why", () => {
    mkdirSync(join(base, "runtime/gantry"));
    chownSync(join(base, "runtime/gantry"), USER, USER);
    chmodSync(join(base, "runtime/gantry"), 0o755);
    const { stdout } = enter("sh", "-c", 'id -u; echo "$GANTRY_ROOTLESS_FAILED"');
    expect(stdout).toMatch(
      new RegExp(`^${USER}\nfailed enter EPERM \\d+ \\S+/gantry: this is not a directory of this user alone`),
    );
  });

  test("does nothing to root", () => {
    const env = { ...environment(), GANTRY_ROOTLESS: "" };
    const program = ["sh", "-c", "readlink /proc/self/ns/user; echo ${GANTRY_RUNTIME_DIR-none}"];
    const answer = execFileSync(shimPath, ["enter", ...program], { env, encoding: "utf8" });
    expect(answer).toBe(`${namespaceOf("self")}\nnone\n`);
  });

  test("says which program it could not execute", () => {
    const { status, stderr } = enter("/no/such/program");
    expect([status, stderr]).toEqual([125, expect.stringContaining("/no/such/program cannot be executed")]);
  });
});

test("hold keeps a shared lock for as long as the process lives, and no longer", async () => {
  const path = join(base, "lock");
  execFileSync("touch", [path]);
  const isFree = () => spawnSync("flock", ["--nonblock", path, "true"]).status === 0;
  expect(isFree()).toBe(true);
  const { child } = start([{ op: "hold", path }, spawnOp(0n), execOp(["sleep", "1000"])]);
  await until("it is held", () => !isFree());
  expect(spawnSync("flock", ["--shared", "--nonblock", path, "true"]).status, "by others too").toBe(0);
  child.kill("SIGKILL");
  await until("it is free again", isFree);
});
