import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const ONE = `services: { a: { image: busybox, command: [sleep, "1000"] } }`;

it("every mistake of a file is shown at once, each with its place, and nothing is started", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services:
  a:
    image: busybox
    comand: [sleep, "1000"]
    ports: ["80:99999"]
  b:
    image: busybox
    depends_on: [c]
`,
  });
  const { code, stdout, stderr } = await stack.run(["up", "-d"]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/compose\.yaml:4:5: error: .*comand/);
  expect(stderr).toContain("command");
  expect(stderr).toMatch(/compose\.yaml:5:\d+: error/);
  expect(stderr).toMatch(/compose\.yaml:8:\d+: error: .*c/);
  expect(stderr).not.toMatch(/\bat .*\.[jt]s:\d/);
  await stack.expectNothingLeft();
});

it.each([
  ["broken YAML", { "compose.yaml": "services:\n\ta: {}\n" }, ["up", "-d"], /compose\.yaml:2:1/],
  [
    "a missing env_file",
    { "compose.yaml": ONE.replace("image:", "env_file: nope.env, image:") },
    ["up", "-d"],
    /nope\.env/,
  ],
  [
    "an unknown service",
    { "compose.yaml": ONE },
    ["up", "-d", "aa"],
    /no such service.*aa|aa.*no such service|aa/i,
  ],
  ["an unknown flag", { "compose.yaml": ONE }, ["up", "--detatch"], /--detach/],
  ["an unknown command", { "compose.yaml": ONE }, ["pss"], /ps/],
  [
    "a missing image",
    { "compose.yaml": ONE.replace("busybox", "nowhere/nothing:7") },
    ["up", "-d"],
    /nowhere\/nothing:7/,
  ],
  ["exec in what does not run", { "compose.yaml": ONE }, ["exec", "a", "true"], /not running/],
  ["a file that is not there", { "compose.yaml": ONE }, ["-f", "elsewhere.yaml", "up"], /elsewhere\.yaml/],
])("%s is refused with a reason and without a trace", async (_name, files, args, reason) => {
  await using stack = await Stack.create(files as Record<string, string>);
  const { code, stderr } = await stack.run(args as string[]);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toMatch(reason as RegExp);
  expect(stderr).not.toMatch(/\bat .*\.[jt]s:\d/);
  expect(await stack.ps("-a").catch(() => [])).toEqual([]);
});

it("a program that is not in the image fails its up, and is named", async () => {
  await using stack = await Stack.create({ "compose.yaml": ONE.replace("sleep", "sleeep") });
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain("sleeep");
});

it("two ups at once wait for each other; a down among them wins in order", async () => {
  await using stack = await Stack.create({ "compose.yaml": ONE });
  const [one, other] = await Promise.all([stack.run(["up", "-d"]), stack.run(["up", "-d"])]);
  expect([one.code, other.code]).toEqual([0, 0]);
  expect(await stack.ps()).toHaveLength(1);
  const [up, down] = await Promise.all([
    stack.run(["up", "-d", "--force-recreate"]),
    stack.run(["down", "-t", "0"]),
  ]);
  expect(down.code).toBe(0);
  expect([0, 130]).toContain(up.code);
});

it("a key that is read but not honoured yet is a warning with its place", async () => {
  await using stack = await Stack.create({
    "compose.yaml": "services:\n  a:\n    image: busybox\n    cpu_count: 2\n",
  });
  const { code, stderr } = await stack.run(["config", "-q"]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/compose\.yaml:4:5: warning: .*cpu_count/);
});
