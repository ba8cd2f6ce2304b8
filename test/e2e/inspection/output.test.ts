import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { GANTRY, resultOf, Stack } from "../../support/stack.ts";
import { needsRoot } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const COMPOSE = (words: string) =>
  `services: { a: { image: busybox, stop_signal: SIGKILL, command: [sh, -c, "echo ${words}; echo more; exec sleep 1000"] } }`;

it("logs --previous has what the containers wrote that were replaced, in the order of time, until down", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE("first") });
  const lines = async (...args: string[]) =>
    (await stack.succeed(["logs", "--no-log-prefix", ...args])).split("\n").filter((line) => line !== "");
  for (const words of ["first", "second", "third", "fourth", "fifth"]) {
    stack.write({ "compose.yaml": COMPOSE(words) });
    await stack.succeed(["up", "-d"]);
    await until("it has spoken", async () => (await lines()).length === 2);
  }
  expect(await lines()).toEqual(["fifth", "more"]);
  const kept = ["second", "more", "third", "more", "fourth", "more", "fifth", "more"];
  expect(await lines("--previous")).toEqual(kept);
  expect(await lines("--previous", "--tail", "3")).toEqual(["more", "fifth", "more"]);
  await stack.succeed(["restart"]);
  await until("it has spoken again", async () => (await lines()).length === 4);
  expect(await lines("--previous")).toEqual([...kept, "fifth", "more"]);
  await stack.succeed(["down"]);
  await stack.succeed(["up", "-d"]);
  expect((await lines("--previous")).length).toBeLessThanOrEqual(2);
});

it("attach on a terminal is left by its keys, and by a signal that is not to be passed on", async (context) => {
  needsRoot(context, "the terminal is opened as root");
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: [cat], tty: true, stdin_open: true, stop_signal: SIGKILL } }`,
  });
  await stack.succeed(["up", "-d"]);
  const command = `${GANTRY} attach --detach-keys ctrl-x,q a`;
  const terminal = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: stack.directory,
    env: { ...process.env, GANTRY_ROOT: stack.root },
  });
  let seen = "";
  terminal.stdout.on("data", (chunk: Buffer) => (seen += chunk.toString()));
  const left = resultOf(terminal);
  await until("it answers", () => {
    if (!seen.includes("hello")) terminal.stdin.write("hello\r");
    return seen.includes("hello");
  });
  terminal.stdin.write("\x18q");
  expect((await left).code).toBe(0);
  const other = stack.spawn(["attach", "--sig-proxy=false", "--no-stdin", "a"]);
  await stack.inside("a", "true");
  const ended = resultOf(other);
  await until("it ends by the signal", () => {
    other.kill("SIGTERM");
    return other.exitCode !== null || other.signalCode !== null;
  });
  await ended;
  expect((await stack.ps())[0]).toMatchObject({ State: "running" });
  expect((await stack.run(["attach", "--detach-keys", "nonsense", "a"])).code).toBe(16);
});

it("a follower loses nothing and mixes up nothing while 150 MB come as fast as they can, through a log that is rotated meanwhile", async () => {
  const LINES = 150_000;
  const program = `sleep 0.5; awk 'BEGIN { for (i = 0; i < 99; i++) pad = pad "0123456789"; for (i = 1; i <= ${LINES}; i++) print i, pad }'`;
  await using stack = await Stack.create({
    "compose.yaml": `services: { loud: { image: busybox, command: [sh, -c, ${JSON.stringify(program)}], logging: { options: { max-size: 40m } } } }`,
  });
  await stack.succeed(["up", "-d"]);
  const child = stack.spawn(["logs", "-f", "--no-log-prefix", "loud"]);
  let rest = "";
  let expected = 1;
  const wrong: string[] = [];
  child.stdout!.setEncoding("latin1").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const number = Number.parseInt(line, 10);
      if (Number.isNaN(number)) continue;
      if (number !== expected && wrong.length < 5) wrong.push(`${number} where ${expected} should be`);
      expected = number + 1;
    }
  });
  await new Promise((resolve) => child.once("close", resolve));
  expect(wrong).toEqual([]);
  expect(expected).toBe(LINES + 1);
});
