import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { type Dice, diceOf, edit } from "../../support/editors.ts";
import { Stack } from "../../support/stack.ts";
import { asTestUser, testUser } from "../../support/test-user.ts";
import { until } from "../../support/until.ts";
import { Watcher } from "../../support/watcher.ts";

/** GANTRY_STRESS_SECONDS=600 for a long run; GANTRY_STRESS_SEED does one again. */
const SECONDS = Number(process.env["GANTRY_STRESS_SECONDS"] ?? 15);
const SEED = Number(process.env["GANTRY_STRESS_SEED"] ?? Date.now() % 1_000_000);

const COMPOSE = `
services:
  web:
    image: busybox
    command: [sleep, "100000"]
    init: true
    deploy: { replicas: 2 }
    stop_grace_period: 0s
    develop:
      watch: [{ path: ./src, target: /app, action: sync, initial_sync: true }]
`;

/** Everything below a directory: kind, mode, content, where links lead. The same program looks on both sides. */
const LISTING = `cd DIR && find . ! -name . ! -type l -exec stat -c '%F %a %n' {} + | sort
find . -type f -exec sha256sum {} + | sort
find . -type l -exec sh -c 'for link; do echo "$link -> $(readlink "$link")"; done' _ {} + | sort`;

it(
  `leaves the same files on both sides, whatever happens (seed ${SEED}, ${SECONDS} s)`,
  async () => {
    await using stack = await Stack.create({ "compose.yaml": COMPOSE });
    const source = join(stack.directory, "src");
    asTestUser(() => mkdirSync(source));
    const dice = diceOf(SEED);
    const run = { stack, source, dice, watcher: new Watcher(stack), edits: 0 };
    await run.watcher.says("Watching");
    const end = Date.now() + SECONDS * 1000;
    for (let round = 0; Date.now() < end || round < DISTURBANCES.length; round++) {
      const [name, disturb] = DISTURBANCES[round % DISTURBANCES.length]!;
      await editDuring(run, disturb(run));
      await sameOnBothSides(run, `after ${name}, ${run.edits} edits`);
    }
    expect(await run.watcher.end()).toBe(130);
    expect(run.edits).toBeGreaterThan(DISTURBANCES.length * 20);
  },
  (SECONDS + 120) * 1000,
);

type Run = {
  readonly stack: Stack;
  readonly source: string;
  readonly dice: Dice;
  watcher: Watcher;
  edits: number;
};

const DISTURBANCES: readonly (readonly [name: string, disturb: (run: Run) => Promise<unknown>])[] = [
  ["a restart", ({ stack }) => stack.succeed(["restart", "-t", "0"])],
  ["a recreate", ({ stack }) => stack.succeed(["up", "-d", "--force-recreate", "-t", "0"])],
  [
    "a watcher killed",
    async (run) => {
      await delay(run.dice(300));
      run.watcher.process.kill("SIGKILL");
      await run.watcher.ended;
      await delay(run.dice(300));
      run.watcher = new Watcher(run.stack, ["watch", "--no-up"]);
      await run.watcher.says("Watching");
    },
  ],
  [
    "a pause",
    async ({ stack }) => {
      // An ordinary user may have no cgroup to freeze.
      if (testUser) return;
      await stack.succeed(["pause"]);
      await stack.succeed(["unpause"]);
    },
  ],
  [
    "a kill and a start",
    async ({ stack }) => {
      await stack.succeed(["kill"]);
      await stack.succeed(["start"]);
    },
  ],
  [
    "a watcher suspended",
    async ({ watcher, dice }) => {
      watcher.process.kill("SIGSTOP");
      await delay(200 + dice(800));
      watcher.process.kill("SIGCONT");
    },
  ],
];

/** Edits at full speed, with the short breaks that let batches come to their end, until what disturbs is over. */
async function editDuring(run: Run, disturbing: Promise<unknown>): Promise<void> {
  let isOver = false;
  const disturbed = disturbing.finally(() => {
    isOver = true;
  });
  disturbed.catch(() => undefined);
  for (let left = 40; !isOver || left > 0; left--) {
    asTestUser(() => {
      for (let burst = run.dice(20); burst >= 0; burst--, run.edits++) edit(run.source, run.dice);
    });
    await delay(run.dice(4) === 0 ? run.dice(100) : 1);
  }
  await disturbed;
}

async function sameOnBothSides({ stack, source, watcher }: Run, when: string): Promise<void> {
  const wanted = execFileSync("/bin/busybox", ["sh", "-c", LISTING.replace("DIR", source)], {
    encoding: "utf8",
  });
  let have: string[] = [];
  const looked = (index: number) =>
    stack.run(["exec", "-T", "--index", String(index), "web", "sh", "-c", LISTING.replace("DIR", "/app")]);
  const isSame = async () => {
    have = (await Promise.all([1, 2].map(looked))).map(({ stdout }) => stdout);
    return have.every((one) => one === wanted);
  };
  await until("both have the same", isSame, 20).catch(() => undefined);
  expect(have, `${when}, seed ${SEED}\n${watcher.said}`).toEqual([wanted, wanted]);
}
