import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { needsRoot } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";

const COMPOSE = (mode: string) => `
services:
  web:
    image: busybox
    command: [sleep, "1000"]
    stop_signal: SIGKILL
    environment: { MODE: ${mode} }
  sick:
    image: busybox
    command: [sleep, "1000"]
    init: true
    stop_signal: SIGKILL
    healthcheck: { test: "echo no good; exit 3", interval: 200ms, retries: 2 }
  short: { image: busybox, command: [sh, -c, "exit 4"], restart: "on-failure:1" }
`;

type Place = {
  name: string;
  status: string;
  why: string;
  containers: { id: string; events: { action: string; why?: string; changed?: unknown }[] }[];
};

it("why says what made, replaced, restarted and stopped a container, from the durable journal", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE("one") });
  const ask = async (service: string) => {
    const [place] = JSON.parse(await stack.succeed(["why", "--format", "json", service])) as Place[];
    return place!;
  };
  await stack.succeed(["up", "-d"]);
  await until("it gave up", async () => (await ask("short")).why.includes("it stays down"));
  expect(await ask("short")).toMatchObject({
    status: "exited",
    why: "it ended by itself with exit code 4; it stays down: restart policy on-failure:1, and it failed 2 times",
  });
  await until("it is sick", async () => (await stack.succeed(["why", "sick"])).includes("unhealthy"));
  expect(await stack.succeed(["why", "sick"])).toMatch(
    /unhealthy +the probe failed 2 times in a row \(.*exit code 3\): no good/,
  );
  await stack.succeed(["kill", "-s", "HUP", "sick"]);
  await until("it ended", async () => (await ask("sick")).status === "exited");
  expect((await ask("sick")).why).toMatch(
    /^it (?:was ended by|ended with exit code 129 after) SIGHUP: `gantry kill` asked for SIGHUP/,
  );

  stack.write({ "compose.yaml": COMPOSE("two") });
  await stack.succeed(["up", "-d", "web"]);
  const { why, containers } = await ask("web");
  expect(why).toBe("its configuration changed: environment.MODE");
  expect(containers).toHaveLength(2);
  expect(containers[1]!.events[0]).toMatchObject({
    action: "create",
    changed: [{ path: "environment.MODE" }],
  });
  expect(JSON.stringify(containers)).not.toContain("two");
  await stack.succeed(["stop", "web"]);
  expect((await ask("web")).why).toBe(
    "it was ended by SIGKILL: a stop was asked for; it stays down: it was stopped by a command",
  );
  expect((await stack.run(["why", "wep"])).stderr).toContain("no such service: wep");
  expect((await stack.run(["why", "--index", "7", "web"])).stderr).toContain("nothing is known");
});

it("why names the limit and the peak of memory that ran out", async (context) => {
  needsRoot(context, "limits need a cgroup, which cgroup v1 cannot give to a user");
  await using stack = await Stack.create({
    "compose.yaml": `services: { hog: { image: busybox, mem_limit: 16m, command: [sh, -c, 'x=a; while :; do x=$$x$$x; done'] } }`,
  });
  await stack.succeed(["up", "-d"]);
  await until("it is down", async () => (await stack.ps("-a"))[0]?.["State"] === "exited");
  const report = await stack.succeed(["why", "hog"]);
  expect(report).toMatch(/killed a process of it for want of memory \(limit 16MiB(, peak 1[56]\.?\d*MiB)?\)/);
});
