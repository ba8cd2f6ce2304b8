import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";
import { Watcher } from "../../support/watcher.ts";

const COMPOSE = `
include: [more.yaml]
services:
  web:
    build:
      context: .
      dockerfile_inline: |
        FROM busybox
        COPY src /app/src
        COPY step /step
        RUN sh /step
    command: [sleep, "100000"]
    init: true
    stop_grace_period: 0s
    env_file: settings.env
    develop:
      watch:
        - { path: ./step, action: rebuild }
        - { path: ./src, target: /app/src, action: sync }
`;
const MORE = `
services: { side: { image: busybox, command: [sleep, "100000"], init: true, stop_grace_period: 0s } }
`;
/** Found by its arguments, whatever else sleeps here. */
const LONG = `7${process.pid}`;

it("builds by the newest save alone, goes by every file it was made from, and keeps no image it has replaced", async () => {
  await using stack = await Stack.create({
    ...{ "compose.yaml": COMPOSE, "more.yaml": MORE, "settings.env": "COLOUR=red" },
    ...{ step: "echo first > /made", ".dockerignore": "**/*.log\n" },
  });
  mkdirSync(join(stack.directory, "src"));
  stack.write({ "src/page": "page", "src/one.log": "no" });
  const images = async () => (await stack.succeed(["image", "ls", "-q"])).trim().split("\n");
  const watcher = new Watcher(stack);
  await watcher.says("Watching 2 rules");
  const before = await images();

  stack.write({ step: `sleep ${LONG}` });
  await until("the long build is at it", isSleeping, 20);
  stack.write({ step: "echo second > /made" });
  await watcher.says("web rebuilt for step");
  expect(isSleeping()).toBe(false);
  expect(await stack.inside("web", "cat", "/made")).toBe("second");
  const after = await images();
  expect(after.length).toBe(before.length);
  expect(after).not.toEqual(before);

  stack.write({ "settings.env": "COLOUR=blue" });
  await prints(stack, watcher, "blue\n", ["web", "sh", "-c", "echo $COLOUR"]);
  stack.write({ "more.yaml": MORE.replace("image", "environment: [SHAPE=round], image") });
  await prints(stack, watcher, "round\n", ["side", "sh", "-c", "echo $SHAPE"]);
  expect(watcher.said).toMatch(/COLOUR.*red.*blue/);

  await prints(stack, watcher, "page\n", ["web", "ls", "/app/src"]);
  stack.write({ ".dockerignore": "step~\n" });
  await watcher.says("web rebuilt for .dockerignore");
  stack.write({ "src/two.log": "wanted now" });
  await prints(stack, watcher, "one.log\npage\ntwo.log\n", ["web", "ls", "/app/src"]);
  expect(await watcher.end()).toBe(130);

  const keeper = new Watcher(stack, ["watch", "--no-up", "--no-prune"]);
  await keeper.says("Watching 2 rules");
  stack.write({ step: "echo third > /made" });
  await keeper.says("web rebuilt for step");
  await keeper.end();
  expect((await images()).length).toBe(before.length + 1);
});

/** Whether the step that takes long is being run. */
function isSleeping(): boolean {
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && commandOf(name) === `sleep\0${LONG}\0`);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

async function prints(stack: Stack, watcher: Watcher, text: string, command: string[]): Promise<void> {
  const look = async () => (await stack.run(["exec", "-T", ...command])).stdout === text;
  await until(`${command.join(" ")} prints ${text}`, look, 15).catch((error: Error) => {
    throw new Error(`${error.message}: ${watcher.said}`);
  });
}
