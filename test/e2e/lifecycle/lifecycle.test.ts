import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsRoot } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const TWO_SERVICES = `
services:
  web: { image: busybox, command: [sleep, "1000"], depends_on: [db] }
  db: { image: busybox, command: [sleep, "1000"], init: true }
`;

it("a stack goes up, is listed, and goes down without a trace", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO_SERVICES });
  const { stderr } = await stack.run(["up", "-d"]);
  expect(stderr).toContain(`Container ${stack.project}-web-1  Started`);

  const rows = await stack.ps();
  expect(rows.map(({ Name, Service, State }) => ({ Name, Service, State }))).toEqual([
    { Name: `${stack.project}-db-1`, Service: "db", State: "running" },
    { Name: `${stack.project}-web-1`, Service: "web", State: "running" },
  ]);
  expect((await stack.succeed(["ps", "-q"])).trim().split("\n")).toHaveLength(2);
  expect((await stack.succeed(["ps", "--services"])).trim().split("\n").sort()).toEqual(["db", "web"]);
  expect(await stack.succeed(["ls"])).toContain(stack.project);

  await stack.succeed(["down", "-t", "0"]);
  expect(await stack.ps("-a")).toEqual([]);
  await stack.expectNothingLeft();
});

it("a second up changes nothing; a changed service is recreated, the others are left alone", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO_SERVICES });
  await stack.succeed(["up", "-d"]);
  const ids = async () => (await stack.succeed(["ps", "-q", "db", "web"])).trim().split("\n");
  const before = await ids();
  await stack.succeed(["up", "-d"]);
  expect(await ids()).toEqual(before);

  stack.write({
    "compose.yaml": TWO_SERVICES.replace(
      'web: { image: busybox, command: [sleep, "1000"]',
      'web: { image: busybox, command: [sleep, "2000"]',
    ),
  });
  expect((await stack.run(["up", "-d", "--dry-run"])).stdout).toContain("command");
  expect(await ids()).toEqual(before);
  await stack.succeed(["up", "-d"]);
  const after = await ids();
  expect(after.filter((id) => before.includes(id))).toHaveLength(1);

  await stack.succeed(["up", "-d", "--force-recreate"]);
  expect((await ids()).filter((id) => after.includes(id))).toEqual([]);
});

it("services stop, start, restart and are killed by name", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO_SERVICES });
  await stack.succeed(["up", "-d"]);
  const stateOf = async (service: string) => (await stack.ps("-a", service))[0]?.["State"];

  await stack.succeed(["stop", "-t", "0", "web"]);
  expect(await stateOf("web")).toBe("exited");
  expect(await stateOf("db")).toBe("running");
  await stack.succeed(["start", "web"]);
  expect(await stateOf("web")).toBe("running");
  const [before] = (await stack.succeed(["exec", "-T", "db", "cat", "/proc/1/stat"])).split("\n");
  await stack.succeed(["restart", "-t", "0", "db"]);
  expect(await stack.inside("db", "cat", "/proc/1/stat")).not.toBe(before);
  await stack.succeed(["kill", "web"]);
  await until("web has exited", async () => (await stateOf("web")) === "exited");
  expect((await stack.ps("-a", "web"))[0]).toMatchObject({ ExitCode: 137 });
  await stack.succeed(["rm", "-f", "web"]);
  expect(await stateOf("web")).toBeUndefined();
});

it("paused services stand still until they are let go on", async (context) => {
  needsRoot(context, "pausing needs a cgroup, which cgroup v1 cannot give to a user");
  await using stack = await Stack.create({ "compose.yaml": TWO_SERVICES });
  await stack.succeed(["up", "-d"]);
  await stack.succeed(["pause", "db"]);
  expect((await stack.ps("db"))[0]?.["State"]).toBe("paused");
  await stack.succeed(["unpause", "db"]);
  expect((await stack.ps("db"))[0]?.["State"]).toBe("running");
});

it("replicas come and go with --scale and with the file", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { w: { image: busybox, command: [sleep, "1000"], deploy: { replicas: 2 } } }`,
  });
  await stack.succeed(["up", "-d"]);
  expect(await stack.ps()).toHaveLength(2);
  await stack.succeed(["up", "-d", "--scale", "w=4"]);
  expect((await stack.ps()).map((row) => row["Name"])).toEqual(
    [1, 2, 3, 4].map((n) => `${stack.project}-w-${n}`),
  );
  await stack.succeed(["up", "-d", "-t", "0"]);
  expect(await stack.ps()).toHaveLength(2);
});

it("what the file no longer has is an orphan: named by up, removed when asked for", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO_SERVICES });
  await stack.succeed(["up", "-d"]);
  stack.write({
    "compose.yaml": `services: { db: { image: busybox, command: [sleep, "1000"], init: true } }`,
  });
  const { stderr } = await stack.run(["up", "-d"]);
  expect(stderr).toContain(`${stack.project}-web-1`);
  await stack.succeed(["up", "-d", "-t", "0", "--remove-orphans"]);
  expect((await stack.ps("-a")).map((row) => row["Service"])).toEqual(["db"]);
});

it("restart policies bring a program back, unless it was stopped by hand", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  always: { image: busybox, command: [sh, -c, "echo born; usleep 100000"], restart: always }
  thrice: { image: busybox, command: [sh, -c, "echo tried; exit 3"], restart: "on-failure:2" }
  never: { image: busybox, command: [sh, -c, "exit 4"] }
`,
  });
  await stack.succeed(["up", "-d"]);
  const said = (service: string) => stack.succeed(["logs", "--no-log-prefix", service]);
  await until("always was born again", async () => (await said("always")).startsWith("born\nborn\n"));
  await until("thrice was tried three times", async () => (await said("thrice")) === "tried\n".repeat(3));
  await until("thrice gave up", async () => (await stack.ps("-a", "thrice"))[0]?.["State"] === "exited");
  expect((await stack.ps("-a", "thrice"))[0]).toMatchObject({ ExitCode: 3 });
  expect((await stack.ps("-a", "never"))[0]).toMatchObject({ ExitCode: 4, State: "exited" });
  await stack.succeed(["stop", "-t", "0", "always"]);
  expect((await stack.ps("-a", "always"))[0]?.["State"]).toBe("exited");
  const before = await said("always");
  await stack.succeed(["up", "-d", "--no-recreate", "never"]);
  expect(await said("always")).toBe(before);
});

it("a program that cannot hear the stop signal is not waited for, and the reason is said", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  deaf: { image: busybox, command: [sleep, "1000"] }
  heard:
    image: busybox
    init: true
    command: [sh, -c, "trap 'echo goodbye; exit 0' TERM; echo ready; while :; do sleep 0.1; done"]
`,
  });
  await stack.succeed(["up", "-d"]);
  const said = () => stack.succeed(["logs", "--no-log-prefix", "heard"]);
  await until("it has set its trap", async () => (await said()) === "ready\n", 5);
  const started = Date.now();
  const { stderr } = await stack.run(["stop"]);
  expect(stderr).toMatch(/deaf-1 {2}Killing .*init: true/);
  // An init that waits for signals, as gantry's own does, hears them although it shows neither handler nor mask.
  expect(stderr).not.toMatch(/heard-1 {2}Killing/);
  expect(await said()).toBe("ready\ngoodbye\n");
  // An emulated machine (scripts/vm.sh) needs longer for everything.
  if (!process.env["GANTRY_VM"]) expect(Date.now() - started).toBeLessThan(5000);
});

it("down works when the compose file is gone", async () => {
  await using stack = await Stack.create({ "compose.yaml": TWO_SERVICES });
  await stack.succeed(["up", "-d"]);
  stack.write({ "compose.yaml": "" });
  const { code } = await stack.run(["-p", stack.project, "down", "-t", "0"]);
  expect(code).toBe(0);
  await stack.expectNothingLeft();
});
