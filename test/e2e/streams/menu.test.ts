import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { onTerminal } from "../../support/terminal.ts";
import { until } from "../../support/until.ts";

it("an attached up on a terminal takes keys: o shows the configuration, d leaves everything running", async () => {
  await using stack = await Stack.create({
    "compose.yaml": `services: { web: { image: busybox, init: true, command: [sh, -c, "echo hello; sleep 1000"] } }`,
  });
  const child = onTerminal(stack, "up", { PAGER: "sed s/^/config:/" });
  let screen = "";
  child.stdout.on("data", (bytes: Buffer) => {
    screen += bytes;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const shows = (text: string) => until(text, () => screen.includes(text), 10);
  await shows("hello");
  await shows("Detach");
  child.stdin.write("o");
  await shows("config:services:");
  child.stdin.write("d");
  expect(await ended).toBe(0);
  expect(screen).toContain("Detached;");
  expect((await stack.ps()).map((row) => row["State"])).toEqual(["running"]);
  const failed = await stack.run(["build", "--sbom", "true", "web"]);
  expect([failed.code, failed.stderr]).toEqual([16, expect.stringContaining("makes no attestations")]);
});
