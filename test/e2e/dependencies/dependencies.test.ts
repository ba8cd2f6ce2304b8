import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";

it("dependents start when their dependency is healthy, or has done its work", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web:
    image: busybox
    command: [sh, -c, "cat /shared/ready /shared/migrated; sleep 1000"]
    volumes: ["shared:/shared"]
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
  db:
    image: busybox
    command: [sh, -c, "usleep 300000; echo ready > /shared/ready; sleep 1000"]
    volumes: ["shared:/shared"]
    healthcheck: { test: [CMD, test, -s, /shared/ready], interval: 30s }
  migrate:
    image: busybox
    command: [sh, -c, "usleep 200000; echo migrated > /shared/migrated"]
    volumes: ["shared:/shared"]
volumes: { shared: {} }
`,
  });
  const started = Date.now();
  await stack.succeed(["up", "-d", "--wait"]);
  // The first ordinary interval is 30 s away: the eager probes saw it long before.
  expect(Date.now() - started).toBeLessThan(15_000);
  expect(await stack.succeed(["logs", "--no-log-prefix", "web"])).toBe("ready\nmigrated\n");
  expect((await stack.ps("db"))[0]).toMatchObject({ Health: "healthy" });
});

it("an unhealthy dependency is named, with its last probe and the end of its log", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web: { image: busybox, command: [sleep, "1000"], depends_on: { db: { condition: service_healthy } } }
  db:
    image: busybox
    command: [sh, -c, "echo cannot open the journal; sleep 1000"]
    healthcheck: { test: "echo no journal; exit 5", interval: 100ms, retries: 2, timeout: 2s }
`,
  });
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect(code).toBe(20);
  expect(stderr).toContain(`${stack.project}-db-1`);
  expect(stderr).toContain("unhealthy");
  expect(stderr).toContain("no journal");
  expect(stderr).toContain("exit code 5");
  expect(stderr).toContain("cannot open the journal");
  expect(stderr).toMatch(new RegExp(`not started: .*${stack.project}-web-1`));
});

it("a one-shot that fails keeps its dependents from starting", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web: { image: busybox, command: [sleep, "1000"], depends_on: { once: { condition: service_completed_successfully } } }
  once: { image: busybox, command: [sh, -c, "echo bad schema; exit 9"] }
`,
  });
  const { code, stderr } = await stack.run(["up", "-d"]);
  expect(code).toBe(21);
  expect(stderr).toContain("exited (9)");
  expect(stderr).toContain("bad schema");
  expect(
    (await stack.ps("-a")).filter((row) => row["Service"] === "web" && row["State"] === "running"),
  ).toEqual([]);
});

it("a dependency that is not required may fail", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    depends_on: { extra: { condition: service_completed_successfully, required: false } }
  extra: { image: busybox, command: [sh, -c, "exit 1"] }
`,
  });
  await stack.succeed(["up", "-d"]);
  expect((await stack.ps("web"))[0]?.["State"]).toBe("running");
});

it("services of a profile start only when it is active", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web: { image: busybox, command: [sleep, "1000"] }
  debug: { image: busybox, command: [sleep, "1000"], profiles: [tools] }
`,
  });
  await stack.succeed(["up", "-d"]);
  expect((await stack.ps()).map((row) => row["Service"])).toEqual(["web"]);
  await stack.succeed(["--profile", "tools", "up", "-d"]);
  expect((await stack.ps()).map((row) => row["Service"])).toEqual(["debug", "web"]);
});
