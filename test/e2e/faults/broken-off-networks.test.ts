import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { resultOf, Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

const ONE = `
services:
  first: { image: busybox, command: [sleep, "1000000"], init: true }
`;

const TWO = `${ONE}
  second:
    image: busybox
    command: [sleep, "1000000"]
    init: true
    networks: { added: { ipv4_address: 10.83.7.9 } }
networks:
  added: { ipam: { config: [{ subnet: 10.83.7.0/24 }] } }
`;

/**
 * An `up` writes down the networks it is going to own before it makes them. Killed between the two, its project owned a
 * network that its supervisor, which lives on, had not heard of; the next `up` saw that it is owned, made nothing, and
 * started the container on no network at all.
 */
it("an up that is killed before it makes its networks leaves them to the next", async () => {
  await using stack = await Stack.create({ "compose.yaml": ONE });
  await stack.succeed(["up", "-d"]);
  stack.write({ "compose.yaml": TWO });
  await breakOffAnUp(stack);

  const plan = await stack.succeed(["up", "-d", "--dry-run"]);
  expect(plan, "the broken-off up owned its network and went no further").not.toContain("create network");
  expect(plan).toContain(`create container ${stack.project}-second-1`);

  await stack.succeed(["up", "-d"]);
  expect(await stack.inside("second", "ip", "-4", "-o", "address", "show", "dev", "eth0")).toContain(
    "10.83.7.9/24",
  );
  expect(
    await stack.inside("second", "sh", "-c", "ping -c 1 -W 2 10.83.7.1 >/dev/null && echo reached"),
  ).toBe("reached");
});

/**
 * Kills an `up` with its request on the way: a stopped supervisor reads it together with its client's end, so that the
 * work is broken off at its first wait for the disk, which is while it writes down what it is going to own.
 */
async function breakOffAnUp(stack: Stack): Promise<void> {
  const supervisor = supervisorOf(stack);
  process.kill(supervisor, "SIGSTOP");
  try {
    const command = stack.spawn(["up", "-d"]);
    const ended = resultOf(command);
    await until("the request of up waits for the supervisor", () => hasUnreadRequest(command.pid!));
    command.kill("SIGKILL");
    await ended;
  } finally {
    process.kill(supervisor, "SIGCONT");
  }
}

function supervisorOf(stack: Stack): number {
  const status = readFileSync(join(stack.root, "run/projects", stack.project, "keeper"), "utf8");
  return Number(/^supervisor_pid (\d+)$/m.exec(status)![1]);
}

/** Whether a connection of the process has bytes that nobody has read (netid, state, received, sent, …). */
function hasUnreadRequest(pid: number): boolean {
  const { stdout } = spawnSync("ss", ["--unix", "--no-header", "--processes"], { encoding: "utf8" });
  const own = stdout.split("\n").filter((line) => line.includes(`pid=${pid},`));
  return own.some((line) => Number(line.trim().split(/\s+/)[3]) > 0);
}
