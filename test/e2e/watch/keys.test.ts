import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Stack } from "../../support/stack.ts";
import { onTerminal } from "../../support/terminal.ts";
import { until } from "../../support/until.ts";

const COMPOSE = `
services:
  web:
    image: busybox
    command: [sh, -c, "echo begun; exec sleep 100000"]
    init: true
    stop_grace_period: 0s
    develop: { watch: [{ path: ./src, target: /app, action: sync }] }
`;

it("w turns the watch of an attached up on and off, and Ctrl-C then stops everything", async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE });
  mkdirSync(join(stack.directory, "src"));
  const screen = onTerminal(stack, "up");
  let said = "";
  screen.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const shows = async (text: string) => {
    await until(`the screen shows ${text}: ${said}`, () => said.includes(text));
    said = said.slice(said.indexOf(text) + text.length);
  };
  await shows("begun");
  screen.stdin.write("w");
  // Ctrl-C would end more than the watch.
  await shows("Watching 1 rule\r\n");
  stack.write({ "src/value": "watched" });
  await shows("synced value");
  expect(await stack.inside("web", "cat", "/app/value")).toBe("watched");
  screen.stdin.write("w");
  await shows("The watch is off");
  stack.write({ "src/value": "unwatched" });
  expect(await stack.inside("web", "cat", "/app/value")).toBe("watched");
  screen.stdin.write("w");
  // What was saved while it was off is brought.
  await shows("synced");
  expect(await stack.inside("web", "cat", "/app/value")).toBe("unwatched");
  const ended = new Promise((resolve) => screen.once("close", resolve));
  screen.stdin.write("\x03");
  expect(await ended).toBe(130);
  expect(await stack.succeed(["ps", "-q"])).toBe("");
});
