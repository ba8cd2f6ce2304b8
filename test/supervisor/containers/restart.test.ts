import { describe, expect, it } from "vitest";
import type { RestartPolicy } from "../../../src/runtime/index.ts";
import { FakeWorld, settled } from "../fake-world.ts";

const policy = (name: RestartPolicy["name"], maximumRetryCount = 0) => ({
  restart: { name, maximumRetryCount },
});

async function started(record: Parameters<FakeWorld["container"]>[0]) {
  const world = new FakeWorld();
  const container = world.container(record);
  await container.start({ text: "asked for" });
  return { world, container };
}

async function exits(world: FakeWorld, code: number) {
  world.program.exit(code);
  await settled();
}

describe("restart policy", () => {
  it("no: stays down", async () => {
    const { world, container } = await started(policy("no"));
    await exits(world, 1);
    expect(container.status).toBe("exited");
    expect(world.clock.next).toBeUndefined();
    expect(world.events).toEqual(["start", "die 1"]);
    expect(world.calls).toEqual(["start", "release"]);
  });

  it("always: starts again after 100 ms, twice as long each time, a minute at most", async () => {
    const { world } = await started(policy("always"));
    const pauses: number[] = [];
    for (let round = 0; round < 12; round++) {
      await exits(world, 0);
      pauses.push(world.clock.next!);
      await world.clock.pass(world.clock.next!);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000]);
    expect(world.programs).toHaveLength(13);
  });

  it("always: counts as up while it is being started again, so that a stop does not pass it over", async () => {
    const { world, container } = await started(policy("always"));
    await exits(world, 0);
    let launched: () => void = () => undefined;
    const start = world.start;
    world.start = () => new Promise<void>((resolve) => (launched = resolve)).then(start);
    await world.clock.pass(100);
    expect(container.status).toBe("restarting");
    const stopped = container.stop({ why: "asked for", onKill: () => undefined });
    launched();
    await stopped;
    expect(container.status).toBe("exited");
    expect(world.clock.next).toBeUndefined();
  });

  it("begins with the short pause again after it ran for 10 s", async () => {
    const { world } = await started(policy("always"));
    await exits(world, 0);
    await world.clock.pass(100);
    await exits(world, 0);
    expect(world.clock.next).toBe(200);
    await world.clock.pass(200);
    await world.clock.pass(10_000);
    await exits(world, 0);
    expect(world.clock.next).toBe(100);
  });

  it("on-failure: not after success", async () => {
    const { world, container } = await started(policy("on-failure"));
    await exits(world, 0);
    expect(container.status).toBe("exited");
  });

  it("on-failure:2: gives up after two restarts", async () => {
    const { world, container } = await started(policy("on-failure", 2));
    for (const _ of [1, 2]) {
      await exits(world, 7);
      expect(container.status).toBe("restarting");
      await world.clock.pass(world.clock.next!);
    }
    await exits(world, 7);
    expect(container.status).toBe("exited");
    expect(container.state.restartCount).toBe(2);
  });

  it("keeps its names away and its ports while it waits to restart", async () => {
    const { world } = await started(policy("always"));
    await exits(world, 1);
    expect(world.calls).toEqual(["start", "withdraw"]);
  });

  it("tries again when the restart itself fails", async () => {
    const { world, container } = await started(policy("always"));
    await exits(world, 1);
    world.startFails = true;
    await world.clock.pass(100);
    expect(container.status).toBe("restarting");
    world.startFails = false;
    await world.clock.pass(200);
    expect(container.status).toBe("running");
  });

  it("restarts what was killed together with its monitor", async () => {
    const { world, container } = await started(policy("always"));
    world.program.vanish();
    await settled();
    expect(container.status).toBe("restarting");
  });

  it.each(["always", "unless-stopped"] as const)("%s: stays down after a stop", async (name) => {
    const { world, container } = await started(policy(name));
    await container.stop({ why: "asked for", onKill: () => undefined });
    expect(container.status).toBe("exited");
    expect(world.clock.next).toBeUndefined();
    expect(container.state.desired).toBe("stopped");
  });

  it("always: stays down after a kill", async () => {
    const { container } = await started(policy("always"));
    await container.kill(9);
    expect(container.status).toBe("exited");
  });

  it("is not asked off by a signal that is not meant to end it", async () => {
    const { world, container } = await started(policy("always"));
    world.handles = "carries on";
    await container.kill(1);
    await exits(world, 0);
    expect(container.status).toBe("restarting");
  });

  it("a stop while it waits to restart ends the waiting", async () => {
    const { world, container } = await started(policy("always"));
    await exits(world, 1);
    await container.stop({ why: "asked for", onKill: () => undefined });
    expect(container.status).toBe("dead");
    expect(world.clock.next).toBeUndefined();
    expect(world.calls.at(-1)).toBe("release");
  });
});
