import { expect, it } from "vitest";
import { resultOf, Stack } from "../../support/stack.ts";

it("events tells what was and what comes, until the project is down", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `
services:
  web: { image: busybox, command: [sleep, "1000"], stop_signal: SIGKILL }
  other: { image: busybox, command: [sleep, "1000"], stop_signal: SIGKILL }
`,
  });
  expect((await stack.run(["events"])).stderr).toContain("no containers");
  await stack.succeed(["up", "-d"]);
  const following = resultOf(stack.spawn(["events", "--json", "--since", "10m", "web"]));
  await stack.succeed(["kill", "web"]);
  await stack.succeed(["start", "web"]);
  const past = await stack.succeed(["events", "--since", "10m", "--until", "0s", "other"]);
  expect(past).toMatch(/container create [0-9a-f]{64} \(image=busybox, name=.*\)\n.* container start .*\n$/);
  await stack.succeed(["down"]);
  const { code, stdout } = await following;
  const told = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { action: string; service: string });
  expect(code).toBe(0);
  expect(new Set(told.map(({ service }) => service))).toEqual(new Set(["web"]));
  expect(told.map(({ action }) => action)).toEqual(expect.arrayContaining(["create", "kill", "destroy"]));
  expect(told.filter(({ action }) => action === "start")).toHaveLength(2);
  expect(told.filter(({ action }) => action === "destroy")).toHaveLength(1);
});
