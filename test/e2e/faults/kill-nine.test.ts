import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { resultOf, Stack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";

const KILLS = Number(process.env["GANTRY_FAULT_KILLS"] ?? 200);
const VICTIMS = ["command", "supervisor", "launcher", "keeper", "listener", "monitor"] as const;
const SEED = Number(process.env["GANTRY_FAULT_SEED"] ?? Date.now() % 1_000_000);

const COMPOSE = `
services:
  web:
    image: busybox
    command: [httpd, -f, -p, "80", -h, /data]
    ports: ["127.0.0.1::80"]
    networks: [front, back]
    volumes: ["data:/data"]
    depends_on:
      db: { condition: service_healthy }
  db:
    image: busybox
    command: [sleep, "1000000"]
    networks: [back]
    volumes: ["data:/data"]
    restart: always
    healthcheck: { test: [CMD, test, -s, /data/kept], interval: 5s }
  worker:
    image: busybox
    command: [sleep, "1000000"]
    init: true
    networks: [front]
networks: { front: {}, back: {} }
volumes: { data: {} }
`;

/**
 * Each round kills one process of gantry with SIGKILL at a random moment of an up, a steady state or a down; the next
 * command must put everything right. Rounds whose victim was not there do not count. GANTRY_FAULT_KILLS and
 * GANTRY_FAULT_SEED repeat a run.
 */
it(`a SIGKILL of any process of gantry at any moment is repaired by the next command (seed ${SEED})`, async () => {
  await using stack = await Stack.create({ "compose.yaml": COMPOSE });
  const random = seededRandom(SEED);
  await stack.succeed(["run", "--rm", "--no-deps", "-T", "worker", "true"]);
  await stack.succeed([
    "run",
    "--rm",
    "--no-deps",
    "-T",
    "db",
    "sh",
    "-c",
    "echo precious > /data/kept; sync",
  ]);
  await stack.succeed(["up", "-d", "--wait"]);

  let kills = 0;
  for (let round = 1; kills < KILLS; round++) {
    const phase = pick(random, ["up", "steady", "down"] as const);
    const victim = pick(random, phase === "steady" ? VICTIMS.filter((name) => name !== "command") : VICTIMS);
    const pause = random() * 250;
    try {
      kills += Number(await disturb(stack, phase, victim, pause, random));
      if (random() < 0.25) await expectCleared(stack);
      await expectRepaired(stack);
    } catch (error) {
      throw new Error(
        `round ${round} (seed ${SEED}): ${victim} killed ${Math.round(pause)} ms into ${phase}${stack.logs()}`,
        {
          cause: error,
        },
      );
    }
  }

  await stack.succeed(["down", "-t", "0"]);
  await stack.expectNothingLeft();
  const kept = await stack.succeed(["run", "--rm", "--no-deps", "-T", "db", "cat", "/data/kept"]);
  expect(kept).toBe("precious\n");
  await stack.succeed(["down", "-v", "-t", "0"]);
  await stack.expectNothingLeft();
  expect(entriesOf(join(stack.root, "volumes"))).toEqual([]);
}, 900_000);

type Phase = "up" | "steady" | "down";
type Victim = (typeof VICTIMS)[number];

/** Returns whether the victim was there to be killed. */
async function disturb(
  stack: Stack,
  phase: Phase,
  victim: Victim,
  pause: number,
  random: () => number,
): Promise<boolean> {
  if (phase === "up") await stack.succeed(["down", "-t", "0"]);
  const command =
    phase === "steady" ? undefined : stack.spawn(phase === "up" ? ["up", "-d"] : ["down", "-t", "0"]);
  const ended = command && resultOf(command);
  command?.stdin?.end();
  await delay(pause);
  const killed = victim === "command" ? command!.kill("SIGKILL") : kill(pidOf(stack, victim, random));
  // What the command makes of it is not the point: it may fail, if it says so, but must not hang.
  if (ended) await within(30, ended);
  return killed;
}

/** A `down` is the next command: nothing is left but the volume. */
async function expectCleared(stack: Stack): Promise<void> {
  const down = await stack.run(["down", "-t", "0"]);
  expect(down, down.stderr).toMatchObject({ code: 0 });
  await stack.expectNothingLeft();
}

/** The next command succeeds, the application answers, and its data is there. */
async function expectRepaired(stack: Stack): Promise<void> {
  const up = await stack.run(["up", "-d", "--wait"]);
  expect(up, up.stderr).toMatchObject({ code: 0 });
  const address = (await stack.succeed(["port", "web", "80"])).trim();
  await until(`the published port ${address} answers`, () => answer(address), 5);
}

/** Asked for by another process, so that no connection of a former round is used again. */
function answer(address: string): boolean {
  const { stdout } = spawnSync("curl", ["-fsS", "-m", "2", `http://${address}/kept`], { encoding: "utf8" });
  return stdout === "precious\n";
}

function kill(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    return false;
  }
}

function pidOf(stack: Stack, victim: Exclude<Victim, "command">, random: () => number): number | undefined {
  if (victim === "monitor") return monitorOf(stack, random);
  return victim === "launcher" ? launcherOf(stack) : keeperStatus(stack, victim);
}

/** The supervisor's helper that forks containers: it comes with the first of them. */
function launcherOf(stack: Stack): number | undefined {
  const supervisor = keeperStatus(stack, "supervisor");
  try {
    const children = readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, "utf8")
      .trim()
      .split(" ");
    return children.map(Number).find((pid) => /launcher/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")));
  } catch {
    return undefined;
  }
}

function keeperStatus(stack: Stack, victim: "supervisor" | "keeper" | "listener"): number | undefined {
  const key = { supervisor: "supervisor_pid", keeper: "pid", listener: "listener_pid" }[victim];
  return statusNumber(join(stack.root, "run/projects", stack.project, "keeper"), key);
}

function monitorOf(stack: Stack, random: () => number): number | undefined {
  const directory = join(stack.root, "run/containers");
  const files = entriesOf(directory).map((id) => join(directory, id, "monitor"));
  return pick(
    random,
    files.map((file) => statusNumber(file, "monitor_pid")).filter((pid) => pid !== undefined),
  );
}

/** A number of a status file (docs/launch-plan.md), if the file and its process are there. */
function statusNumber(file: string, key: string): number | undefined {
  try {
    const line = readFileSync(file, "utf8")
      .split("\n")
      .find((text) => text.startsWith(`${key} `));
    const pid = Number(line?.split(" ")[1]);
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("gantry") ? pid : undefined;
  } catch {
    return undefined;
  }
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  const timeout = delay(seconds * 1000, undefined, { ref: false }).then(() => {
    throw new Error(`the command hung for ${seconds} s`);
  });
  return Promise.race([work, timeout]);
}

const pick = <T>(random: () => number, choices: readonly T[]): T =>
  choices[Math.floor(random() * choices.length)]!;

/** A small generator (mulberry32), so that a seed repeats a run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
