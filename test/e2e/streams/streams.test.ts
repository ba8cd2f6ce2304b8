import { expect, it } from "vitest";
import { resultOf, Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

it("up in the foreground shows the output with prefixes, and Ctrl-C stops everything in order", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { image: busybox, command: [sh, -c, "trap 'echo bye; exit 0' TERM; echo from a; while :; do sleep 1 & wait $$!; done"] }
  bb: { image: busybox, command: [sh, -c, "echo from bb; exec sleep 1000"] }
`,
  });
  const child = stack.spawn(["up"]);
  let seen = "";
  child.stdout!.on("data", (chunk) => {
    seen += String(chunk);
  });
  const ended = resultOf(child);
  await until("both have spoken", () => seen.includes("from a") && seen.includes("from bb"));
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  expect(stdout).toMatch(/^a-1 +\| from a$/m);
  expect(stdout).toMatch(/^bb-1 +\| from bb$/m);
  expect(stdout).toMatch(/^a-1 +\| bye$/m);
  expect(code).toBe(130);
  expect((await stack.ps("-a")).map((row) => row["State"])).toEqual(["exited", "exited"]);
});

it("logs are in order, from both streams, with an unfinished last line", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: [sh, -c, "echo one; echo two >&2; echo three; printf four"] } }`,
  });
  await stack.succeed(["up", "-d"]);
  await stack.run(["wait", "a"]);
  const lines = async (...args: string[]) =>
    (await stack.succeed(["logs", "--no-log-prefix", ...args])).trimEnd().split("\n");
  expect([...(await lines())].sort()).toEqual(["four", "one", "three", "two"]);
  expect(await lines("--tail", "1")).toEqual(["four"]);
  expect((await lines("-t"))[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z /);
  expect(await lines("-f")).toEqual(expect.arrayContaining(["one", "two", "three", "four"]));
});

it("exec passes on input, output, environment and exit code", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: [sleep, "1000"] } }`,
  });
  await stack.succeed(["up", "-d"]);
  const run = (args: string[], input = "") => stack.run(["exec", "-T", ...args], { input });
  expect(await run(["a", "sh", "-c", "echo out; echo err >&2; exit 7"])).toMatchObject({
    code: 7,
    stdout: "out\n",
    stderr: "err\n",
  });
  expect(
    await run(["-e", "X=5", "-w", "/tmp", "-u", "ada", "a", "sh", "-c", "echo $X $PWD $(id -un)"]),
  ).toMatchObject({ stdout: "5 /tmp ada\n" });
  expect(await run(["a", "cat"], "through\n")).toMatchObject({ code: 0, stdout: "through\n" });
  expect((await run(["a", "no-such-program"])).code).toBe(127);
  expect((await run(["a", "/etc/passwd"])).code).toBe(126);
});

it("run starts a one-off container, passes its exit code on, and leaves nothing", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { image: busybox, command: [sleep, "1000"], environment: { A: "1" }, depends_on: [b] }
  b: { image: busybox, command: [sleep, "1000"] }
`,
  });
  const result = await stack.run(
    ["run", "--rm", "-T", "-e", "B=2", "a", "sh", "-c", "cat; echo $A$B; exit 9"],
    { input: "in\n" },
  );
  expect(result).toMatchObject({ code: 9, stdout: "in\n12\n" });
  expect((await stack.ps("-a")).map((row) => row["Service"])).toEqual(["b"]);
});

it("a closed pipe ends logs quietly", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { a: { image: busybox, command: [sh, -c, "seq 200000"] } }`,
  });
  await stack.succeed(["up", "-d"]);
  await stack.run(["wait", "a"]);
  const child = stack.spawn(["logs", "--no-log-prefix"]);
  child.stdout!.once("data", () => child.stdout!.destroy());
  let errors = "";
  child.stderr!.on("data", (chunk) => {
    errors += String(chunk);
  });
  await new Promise((resolve) => child.once("exit", resolve));
  expect(errors).toBe("");
  const all = await stack.succeed(["logs", "--no-log-prefix"]);
  expect(all.split("\n")).toHaveLength(200_001);
});
