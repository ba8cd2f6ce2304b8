import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";
import { Watcher } from "../../support/watcher.ts";

const COMPOSE = `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    init: true
    deploy: { replicas: 2 }
    volumes: ["cache:/app/cache"]
    develop:
      watch:
        - { path: ./src, target: /app, action: sync, initial_sync: true, ignore: ["*.log"] }
  once:
    image: busybox
    command: [sh, -c, "cat /etc/conf/value; sleep 1000"]
    init: true
    user: "1000:1000"
    develop:
      watch:
        - { path: ./conf, target: /etc/conf, action: sync+restart, initial_sync: true }
        - { path: ./hooks, target: /hooks, action: sync+exec, exec: { command: [sh, -c, "cat /hooks/* > /dev/shm/ran"] } }
volumes: { cache: {} }
`;

/** What a directory holds: kind, mode, path, content or link of everything in it. */
const LISTING = `cd DIR && find . ! -name . ! -path './cache*' ! -name '*.log' ! -name '*~' | sort | while read -r p; do
  if [ -L "$p" ]; then echo "$p -> $(readlink "$p")"; elif [ -d "$p" ]; then echo "$p/ $(stat -c %a "$p")";
  else echo "$p $(stat -c %a "$p") $(sha256sum < "$p")"; fi; done`;

const onHost = (directory: string) =>
  execFileSync("sh", ["-c", LISTING.replace("DIR", directory)], { encoding: "utf8" }).trimEnd();

const inReplica = async (stack: Stack, index: number) =>
  (
    await stack.succeed([
      "exec",
      "-T",
      "--index",
      String(index),
      "web",
      "sh",
      "-c",
      LISTING.replace("DIR", "/app"),
    ])
  ).trimEnd();

async function project(): Promise<{ stack: Stack; src: (path: string) => string }> {
  const stack = await Stack.create({ "compose.yaml": COMPOSE });
  for (const name of ["src/sub", "conf", "hooks"])
    mkdirSync(join(stack.directory, name), { recursive: true });
  stack.write({ "src/index": "first", "src/sub/deep": "deep", "src/x.log": "no", "conf/value": "one\n" });
  return { stack, src: (path) => join(stack.directory, "src", path) };
}

describe("watch", () => {
  it("brings what is saved to every replica, then restarts or runs what the rule says", async () => {
    const { stack, src } = await project();
    await using _ = stack;
    const watcher = new Watcher(stack);
    await watcher.says("Watching 3 rules");
    await watcher.says(/web synced/);
    expect(await inReplica(stack, 1)).toBe(onHost(src("")));

    writeFileSync(src("index"), "second");
    chmodSync(src("sub/deep"), 0o755);
    symlinkSync("index", src("link"));
    mkdirSync(src("new/er"), { recursive: true });
    writeFileSync(src("new/er/file"), "new");
    writeFileSync(src(".save~"), "an editor's");
    // As vim and most others save: another file takes the name.
    writeFileSync(src("sub/saving"), "saved");
    renameSync(src("sub/saving"), src("sub/deep2"));
    await sameEverywhere(stack, src(""));
    rmSync(src("new"), { recursive: true });
    unlinkSync(src("index"));
    await sameEverywhere(stack, src(""));

    stack.write({ "conf/value": "two\n" });
    await watcher.says("once restarted for value");
    await until(
      "the restarted program has read the new value",
      async () => (await stack.run(["logs", "--no-log-prefix", "once"])).stdout.endsWith("two\n"),
      5,
    );
    expect(await stack.inside("once", "stat", "-c", "%u:%g", "/etc/conf/value")).toBe("1000:1000");
    stack.write({ "hooks/a": "hooked" });
    await until(
      "the hook has run",
      async () => (await stack.run(["exec", "-T", "once", "cat", "/dev/shm/ran"])).stdout === "hooked",
      5,
    );
    expect(await watcher.end()).toBe(130);
    expect((await stack.ps()).length).toBe(3);
  });

  it("goes by its own files as they change, and keeps what runs when they are wrong", async () => {
    const { stack, src } = await project();
    await using _ = stack;
    const watcher = new Watcher(stack);
    await watcher.says("once restarted");
    await watcher.says("web synced");
    stack.write({ "compose.yaml": COMPOSE.replace("image: busybox", "image: [") });
    await watcher.says("compose.yaml:4:");
    const { stdout } = await stack.run(["-p", stack.project, "ps", "-q"]);
    expect(stdout.trim().split("\n").length).toBe(3);
    stack.write({ "compose.yaml": COMPOSE.replace("replicas: 2", "replicas: 1").replace("*.log", "*.txt") });
    await watcher.says(/Watching 3 rules.*Watching 3 rules/s);
    await until("one replica is left", async () => (await stack.ps("web")).length === 1, 10);
    stack.write({ "src/now.log": "wanted now" });
    await until(
      "what was ignored comes",
      async () => (await stack.run(["exec", "-T", "web", "cat", "/app/now.log"])).stdout === "wanted now",
      5,
    );
    await watcher.end();
    expect(readFileSync(src("now.log"), "utf8")).toBe("wanted now");
  });

  it("loses nothing to restarts, recreates, and a watcher that is killed", async () => {
    const { stack, src } = await project();
    await using _ = stack;
    let watcher = new Watcher(stack);
    await watcher.says(/web synced/);
    const disturbances = [
      () => stack.run(["restart", "-t", "0", "web"]),
      () => stack.run(["up", "-d", "--force-recreate", "-t", "0"]),
      async () => {
        watcher.process.kill("SIGKILL");
        await watcher.ended;
        edit(src, 1000);
        watcher = new Watcher(stack, ["watch", "--no-up"]);
      },
      () => stack.run(["kill", "web"]).then(() => stack.run(["start", "web"])),
    ];
    for (const [round, disturb] of disturbances.entries()) {
      const disturbed = disturb();
      for (let step = 0; step < 150; step++) edit(src, round * 150 + step);
      await disturbed;
      for (let step = 0; step < 50; step++) edit(src, round * 150 + step);
      await sameEverywhere(stack, src(""), () => watcher.said);
    }
    expect(await watcher.end()).toBe(130);
  });

  it("cannot be led out of the container, and says what has no rules", async () => {
    const stack = await Stack.create({
      "compose.yaml": `
services:
  web:
    image: busybox
    command: [sh, -c, "mkdir -p /srv && ln -s ../../../../../../../../tmp /srv/app && sleep 1000"]
    init: true
    develop: { watch: [{ path: ./src, target: /srv/app, action: sync }] }
  plain: { image: busybox, command: [sleep, "1000"] }
`,
    });
    await using _ = stack;
    mkdirSync(join(stack.directory, "src"));
    await stack.succeed(["up", "-d"]);
    await until(
      "the link is there",
      async () => (await stack.run(["exec", "-T", "web", "test", "-L", "/srv/app"])).code === 0,
      5,
    );
    const watcher = new Watcher(stack, ["watch", "--no-up", "web"]);
    await watcher.says("Watching 1 rule");
    const name = `gantry-escape-${process.pid}`;
    stack.write({ [`src/${name}`]: "out" });
    await watcher.says("web synced");
    await watcher.end();
    expect(await stack.inside("web", "cat", `/tmp/${name}`)).toBe("out");
    expect(() => readFileSync(`/tmp/${name}`)).toThrow("ENOENT");
    const refused = await stack.run(["watch", "plain"]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("plain: there are no rules to watch by");
  });
});

async function sameEverywhere(stack: Stack, source: string, said = () => ""): Promise<void> {
  const wanted = onHost(source);
  const have: string[] = [];
  const isSame = async () => {
    for (const index of [1, 2])
      have[index - 1] = await inReplica(stack, index).catch((error: Error) => error.message);
    return have.every((one) => one === wanted);
  };
  await until("both replicas have what the host has", isSame, 10).catch(() => undefined);
  expect(have, said()).toEqual([wanted, wanted]);
}

/** One of many edits, the same for the same number. */
function edit(src: (path: string) => string, number: number): void {
  const path = src(`d${number % 7}/f${number % 11}`);
  const directory = src(`d${number % 7}`);
  const kind = number % 13;
  mkdirSync(directory, { recursive: true });
  if (kind === 3) rmSync(directory, { recursive: true });
  else if (kind === 5) {
    writeFileSync(`${path}.new`, `replaced by ${number}`);
    rmSync(path, { recursive: true, force: true });
    renameSync(`${path}.new`, path);
  } else if (kind === 8) {
    rmSync(src("moved"), { recursive: true, force: true });
    renameSync(directory, src("moved"));
  } else if (kind === 9) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
    writeFileSync(join(path, "inner"), String(number));
  } else {
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, "x".repeat(number * 37));
  }
}
