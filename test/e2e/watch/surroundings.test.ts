import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { testUser } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";
import { Watcher } from "../../support/watcher.ts";

const COMPOSE = `
services:
  web:
    image: busybox
    command: [sleep, "100000"]
    init: true
    stop_grace_period: 0s
    volumes: ["./mounted:/mounted"]
    tmpfs: [/memory]
    develop:
      watch:
        - { path: ./late/src, target: /app, action: sync }
        - { path: ./memory, target: /memory, action: sync, initial_sync: true }
        - { path: ./mounted, target: /mounted, action: sync }
        - { path: ./hook, target: /hook, action: sync+exec, exec: { command: [sh, -c, "cat /hook/* >> /dev/shm/ran"] } }
`;

it("copes with paths that come and go, mounts, memory, pauses, what cannot be written, and the project's end", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE });
  const at = (path: string) => join(stack.directory, path);
  for (const name of ["memory", "mounted", "hook"]) mkdirSync(at(name));
  stack.write({ "memory/one": "1", "mounted/file": "the host's" });
  const rehearsal = new Watcher(stack, ["watch", "--dry-run"]);
  await rehearsal.says("create container");
  await rehearsal.says("nothing is changed");
  stack.write({ "memory/one": "11" });
  await rehearsal.says("web would sync one");
  await rehearsal.end();
  expect(await stack.ps()).toEqual([]);

  const watcher = new Watcher(stack);
  await watcher.says("Watching 4 rules");
  await has(stack, watcher, "/memory/one", "11");

  // A path that is not there yet, is moved away, comes back as a link to elsewhere.
  mkdirSync(at("late/src/deep"), { recursive: true });
  stack.write({ "late/src/deep/file": "late" });
  await has(stack, watcher, "/app/deep/file", "late");
  renameSync(at("late"), at("moved"));
  await has(stack, watcher, "/app/deep/file", undefined);
  mkdirSync(at("elsewhere/src"), { recursive: true });
  stack.write({ "elsewhere/src/other": "by a link" });
  symlinkSync("elsewhere", at("late"));
  await has(stack, watcher, "/app/other", "by a link");

  // What is mounted is there already; writing it would replace the file under the editor.
  stack.write({ "mounted/file": "saved" });
  await has(stack, watcher, "/mounted/file", "saved");

  // Memory begins empty with each run.
  await stack.succeed(["restart", "-t", "0"]);
  await has(stack, watcher, "/memory/one", "11");

  // One thing in the way holds nothing else up.
  await stack.inside("web", "sh", "-c", "rm -rf /app/x; ln -s /tmp /app/x");
  mkdirSync(at("late/src/x"));
  await stack.inside("web", "sh", "-c", "true");
  writeFileSync(at("late/src/after"), "after");
  await has(stack, watcher, "/app/after", "after");

  if (!testUser) {
    await stack.succeed(["pause"]);
    stack.write({ "hook/a": "a" });
    await watcher.says("is paused: the command waits for it");
    await stack.succeed(["unpause"]);
    await has(stack, watcher, "/dev/shm/ran", "a");
  }
  rmSync(at("hook"), { recursive: true });
  expect(watcher.said).not.toContain("mounted/file");
  expect(watcher.said).not.toContain("web synced file");
  await stack.succeed(["down", "-t", "0"]);
  await watcher.says("is down: there is nothing to watch any more");
  expect(await watcher.ended).toBe(0);
});

async function has(stack: Stack, watcher: Watcher, path: string, text: string | undefined): Promise<void> {
  const look = async () => {
    const { code, stdout } = await stack.run(["exec", "-T", "web", "cat", path]);
    return text === undefined ? code === 1 : stdout === text;
  };
  await until(`the container has ${text} in ${path}: ${watcher.said}`, look, 15);
}
