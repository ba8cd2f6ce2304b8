import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

const TWO = `
services:
  web: { image: busybox, command: [sleep, "1000"], depends_on: [db] }
  db: { image: busybox, command: [sleep, "1000"], init: true }
`;

it("up --no-deps starts the named service alone", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO });
  await stack.succeed(["up", "-d", "--no-deps", "web"]);
  expect((await stack.ps("-a")).map((row) => row["Service"])).toEqual(["web"]);
});

it("up of a service starts what it depends on", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `${TWO}  other: { image: busybox, command: [sleep, "1000"] }\n`,
  });
  await stack.succeed(["up", "-d", "web"]);
  expect((await stack.ps("-a")).map((row) => row["Service"])).toEqual(["db", "web"]);
});

it("up --no-recreate leaves a changed service as it is", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO });
  await stack.succeed(["up", "-d"]);
  const before = await stack.succeed(["ps", "-q"]);
  stack.write({ "compose.yaml": TWO.replaceAll('"1000"', '"2000"') });
  await stack.succeed(["up", "-d", "--no-recreate"]);
  expect(await stack.succeed(["ps", "-q"])).toBe(before);
});

it("up --dry-run says what it would do and does nothing", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO });
  const { code, stdout, stderr } = await stack.run(["up", "-d", "--dry-run"]);
  expect(code).toBe(0);
  expect(stdout + stderr).toContain(`${stack.project}-web-1`);
  expect(await stack.ps("-a")).toEqual([]);
  await stack.expectNothingLeft();
});

it("up --wait-timeout gives up on what does not get healthy, and says so", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { image: busybox, command: [sleep, "1000"], healthcheck: { test: [CMD, "false"], start_period: 60s } }
`,
  });
  const started = Date.now();
  const { code, stderr } = await stack.run(["up", "-d", "--wait", "--wait-timeout", "1"]);
  expect(code).toBe(22);
  expect(stderr).toContain(`${stack.project}-a-1`);
  expect(Date.now() - started).toBeLessThan(10_000);
});

it("down -t gives a program that long, then kills it", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  a: { image: busybox, command: [sh, -c, "trap 'echo heard' TERM; while :; do sleep 1 & wait $$!; done"] }
`,
  });
  await stack.succeed(["up", "-d"]);
  const started = Date.now();
  await stack.succeed(["stop", "-t", "1"]);
  expect(Date.now() - started).toBeGreaterThan(900);
  expect((await stack.ps("-a"))[0]).toMatchObject({ State: "exited", ExitCode: 137 });
  expect(await stack.succeed(["logs", "--no-log-prefix"])).toBe("heard\n");
});
