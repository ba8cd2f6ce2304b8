import { describe, expect, it } from "vitest";
import type { HealthcheckConfig } from "../../../src/runtime/index.ts";
import { ConditionFailed } from "../../../src/supervisor/containers/supervised-container.ts";
import { FakeWorld, settled } from "../fake-world.ts";

const check = (changes: Partial<HealthcheckConfig> = {}): HealthcheckConfig => ({
  argv: ["true"],
  interval: 30_000,
  timeout: 30_000,
  retries: 3,
  startPeriod: 0,
  startInterval: 5_000,
  ...changes,
});

async function started(healthcheck: HealthcheckConfig) {
  const world = new FakeWorld();
  const container = world.container({ healthcheck });
  await container.start({ text: "asked for" });
  await settled();
  return { world, container, startedAt: world.clock.now() };
}

const never = new AbortController().signal;

async function pauses(world: FakeWorld, count: number): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) {
    seen.push(world.clock.next!);
    await world.clock.pass(world.clock.next!);
  }
  return seen;
}

describe("health", () => {
  it("probes at once, then more and more seldom until the first ordinary probe, which keeps its time", async () => {
    const { world } = await started(check());
    expect(await pauses(world, 12)).toEqual([
      50, 100, 200, 400, 800, 1600, 3200, 6400, 12800, 4450, 30000, 30000,
    ]);
  });

  it("is healthy with the first success, and wakes who waits for it without a poll", async () => {
    const { world, container } = await started(check());
    const waiting = container.waitFor("service_healthy", never);
    await world.clock.pass(50);
    world.probeExitCode = 0;
    await world.clock.pass(100);
    await waiting;
    expect(world.events).toEqual(["start", "health_status healthy"]);
    expect(world.clock.next).toBe(30_000);
  });

  it("counts no failure before the first ordinary interval", async () => {
    const { world, container } = await started(check());
    await world.clock.pass(29_999);
    expect(container.state.health).toMatchObject({ status: "starting", failingStreak: 0 });
    await world.clock.pass(1);
    expect(container.state.health).toMatchObject({ status: "starting", failingStreak: 1 });
  });

  it("is unhealthy exactly when it would be without eager probes", async () => {
    const { world, container } = await started(check());
    await world.clock.pass(89_999);
    expect(container.state.health?.status).toBe("starting");
    await world.clock.pass(1);
    expect(container.state.health).toMatchObject({ status: "unhealthy", failingStreak: 3 });
  });

  it("counts no failure in the start period, and goes on eagerly there", async () => {
    const { world, container } = await started(
      check({ interval: 1000, startPeriod: 60_000, startInterval: 300 }),
    );
    await world.clock.pass(59_000);
    expect(container.state.health).toMatchObject({ status: "starting", failingStreak: 0 });
    expect(world.clock.next).toBeLessThanOrEqual(300);
    await world.clock.pass(4000);
    expect(container.state.health?.status).toBe("unhealthy");
  });

  it("becomes unhealthy after having been healthy, and healthy again", async () => {
    const { world, container } = await started(check({ retries: 2 }));
    world.probeExitCode = 0;
    await world.clock.pass(50);
    world.probeExitCode = 1;
    await world.clock.pass(60_000);
    expect(container.state.health?.status).toBe("unhealthy");
    world.probeExitCode = 0;
    await world.clock.pass(30_000);
    expect(world.events).toEqual([
      "start",
      "health_status healthy",
      "health_status unhealthy",
      "health_status healthy",
    ]);
  });

  it("starts anew with each start", async () => {
    const { world, container } = await started(check());
    world.probeExitCode = 0;
    await world.clock.pass(50);
    await container.stop({ why: "asked for", onKill: () => undefined });
    world.probeExitCode = 1;
    await container.start({ text: "asked for" });
    expect(container.state.health?.status ?? "starting").toBe("starting");
  });

  it("keeps the last five results", async () => {
    const { world, container } = await started(check());
    await world.clock.pass(10_000);
    expect(container.state.health?.log).toHaveLength(5);
  });
});

describe("conditions", () => {
  it("fail at once when the container has no health check", async () => {
    const world = new FakeWorld();
    const container = world.container();
    await container.start({ text: "asked for" });
    await expect(container.waitFor("service_healthy", never)).rejects.toThrow("has no health check");
  });

  it("fail when the container ends before it is healthy", async () => {
    const { world, container } = await started(check());
    const waiting = container.waitFor("service_healthy", never);
    world.program.exit(2);
    await expect(waiting).rejects.toBeInstanceOf(ConditionFailed);
  });

  it("fail when it becomes unhealthy", async () => {
    const { world, container } = await started(check({ interval: 100, retries: 1 }));
    const waiting = container.waitFor("service_healthy", never);
    const outcome = expect(waiting).rejects.toThrow("container shop-web-1 is unhealthy");
    await world.clock.pass(100);
    await outcome;
  });

  it("completed successfully: hold with exit code 0 only", async () => {
    for (const code of [0, 4]) {
      const world = new FakeWorld();
      const container = world.container();
      await container.start({ text: "asked for" });
      const waiting = container.waitFor("service_completed_successfully", never);
      world.program.exit(code);
      if (code === 0) await waiting;
      else await expect(waiting).rejects.toThrow("exited (4)");
    }
  });

  it("completed successfully: wait for the restarts of on-failure", async () => {
    const world = new FakeWorld();
    const container = world.container({ restart: { name: "on-failure", maximumRetryCount: 0 } });
    await container.start({ text: "asked for" });
    const waiting = container.waitFor("service_completed_successfully", never);
    world.program.exit(1);
    await settled();
    await world.clock.pass(100);
    world.program.exit(0);
    await waiting;
  });

  it("ready: a one-shot that is done counts, one that failed does not", async () => {
    for (const code of [0, 1]) {
      const world = new FakeWorld();
      const container = world.container();
      await container.start({ text: "asked for" });
      world.program.exit(code);
      await settled();
      const waiting = container.waitFor("ready", never);
      if (code === 0) await waiting;
      else await expect(waiting).rejects.toThrow("exited (1)");
    }
  });

  it("waiting ends when it is broken off", async () => {
    const { container } = await started(check());
    const controller = new AbortController();
    const waiting = container.waitFor("service_healthy", controller.signal);
    controller.abort(new Error("broken off"));
    await expect(waiting).rejects.toThrow("broken off");
  });
});
