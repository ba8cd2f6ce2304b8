import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { resultOf, Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

const compose = `
services:
  unit:
    image: busybox
    command: [sh, -c, "nc -w 1 db 80 < /dev/null; exit 3"]
    profiles: [test]
    depends_on: {db: {condition: service_healthy}}
  hang:
    image: busybox
    command: [sh, -c, "echo hanging; sleep 1000"]
    profiles: [test]
    depends_on: [db]
  db:
    image: busybox
    command: [sh, -c, "echo up; touch /ok; while true; do echo from the database | nc -l -p 80; done"]
    init: true
    ports: ["18431:80"]
    volumes: ["data:/data"]
    healthcheck: {test: [CMD, test, -e, /ok]}
volumes: {data: {name: of-everybody}}
`;

/** What is left of all environments: directories of projects and volumes. */
const left = (stack: Stack) =>
  ["projects", "run/projects", "volumes", "containers"].flatMap((name) =>
    readdirIfThere(join(stack.root, name)),
  );

function readdirIfThere(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

const hangs = (stack: Stack) => {
  const child = stack.spawn(["--progress", "quiet", "test", "--no-artifacts", "hang"]);
  return { child, result: resultOf(child), heard: new Promise((done) => child.stdout!.once("data", done)) };
};

it("exits as the test does, several side by side, saves what is known and removes everything", async () => {
  await using stack = await Stack.create({ "compose.yaml": compose });
  const runs = ["a", "b", "c"].map((name) => stack.run(["test", "--artifacts", name, "unit"]));
  for (const { code, stdout } of await Promise.all(runs)) {
    expect({ code, stdout }).toEqual({ code: 3, stdout: "from the database\n" });
  }
  const saved = (name: string) => readFileSync(join(stack.directory, "b", name), "utf8");
  expect(saved("logs/unit.log")).toMatch(/^\S+Z from the database$/m);
  expect(saved("logs/db-1.log")).toMatch(/^\S+Z up$/m);
  expect(saved("junit.xml")).toContain('<testcase classname="unit" name="db-1"');
  expect(saved("junit.xml")).toContain("it exited with code 3");
  expect(saved("events.jsonl")).toContain('"action":"health_status"');
  expect(saved("timeline.txt")).toContain("What decided how long it took");
  expect(left(stack)).toEqual([]);
  expect(await stack.run(["test", "--no-artifacts", "unit", "true"])).toMatchObject({ code: 0 });
  expect(await stack.run(["test", "nobody"])).toMatchObject({ code: 1 });
  expect(await stack.run(["test"])).toMatchObject({ code: 16 });
});

it("removes everything when it is cancelled, and when it is killed", async () => {
  await using stack = await Stack.create({ "compose.yaml": compose });
  const cancelled = hangs(stack);
  await cancelled.heard;
  cancelled.child.kill("SIGTERM");
  expect(await cancelled.result).toMatchObject({ code: 143 });
  expect(left(stack)).toEqual([]);

  const killed = hangs(stack);
  await killed.heard;
  killed.child.kill("SIGKILL");
  await killed.result;
  await until("the supervisor has seen it", () => left(stack).length === 0, 10);

  // Nobody is there to see the end of this one: the next command is.
  const alone = hangs(stack);
  await alone.heard;
  const [name] = readdirSync(join(stack.root, "run/projects"));
  const status = (file: string) => readFileSync(join(stack.root, "run/projects", name!, file), "utf8");
  const pids = [...status("keeper").matchAll(/^(?:pid|listener_pid|supervisor_pid) (\d+)$/gm)].map(
    ([, pid]) => Number(pid),
  );
  for (const pid of pids) process.kill(pid, "SIGKILL");
  alone.child.kill("SIGKILL");
  await alone.result;
  await stack.succeed(["ls"]);
  expect(left(stack)).toEqual([]);
});

it("an environment goes with its time, and with the process it is bound to, also after its supervisor was killed", async () => {
  const file = "services: {a: {image: busybox, command: [sleep, '1000']}}";
  await using stack = await Stack.create({ "compose.yaml": file });
  const gone = () => until("everything is gone", () => left(stack).length === 0, 10);
  await stack.succeed(["up", "-d", "--ttl", "1s"]);
  expect(await stack.ps()).toHaveLength(1);
  await gone();

  const owner = spawn("sleep", ["1000"]);
  await stack.succeed(["up", "-d", "--bind-to-pid", String(owner.pid)]);
  const status = readFileSync(join(stack.root, "run/projects", stack.project, "keeper"), "utf8");
  process.kill(Number(/^supervisor_pid (\d+)$/m.exec(status)![1]), "SIGKILL");
  owner.kill();
  await gone();

  await stack.succeed(["up", "-d", "--ttl", "1h"]);
  await stack.succeed(["up", "-d", "--ttl", "0"]);
  expect(await stack.run(["up", "-d", "--bind-to-pid", "4194303"])).toMatchObject({ code: 16 });
});
