import { describe, expect, it } from "vitest";
import { FakeWorld } from "../fake-world.ts";

async function stopping(handles: FakeWorld["handles"], timeout?: number) {
  const world = new FakeWorld();
  world.handles = handles;
  const container = world.container();
  await container.start({ text: "asked for" });
  const killed: string[] = [];
  const stopped = container.stop({ timeout, why: "asked for", onKill: (why) => killed.push(why) });
  return { world, container, killed, stopped };
}

describe("stop", () => {
  it("sends the stop signal and waits for the end", async () => {
    const { world, container, killed, stopped } = await stopping("ends");
    await stopped;
    expect(world.program.signals).toEqual([15]);
    expect(container.exit?.code).toBe(0);
    expect(killed).toEqual([]);
    expect(world.events).toEqual(["start", "kill 15", "die 0", "stop"]);
  });

  it("kills after the time of grace", async () => {
    const { world, killed, stopped } = await stopping("carries on");
    await world.clock.pass(9_999);
    expect(world.program.signals).toEqual([15]);
    await world.clock.pass(1);
    await stopped;
    expect(world.program.signals).toEqual([15, 9]);
    expect(killed).toEqual(["it did not end within 10 s of SIGTERM"]);
  });

  it("takes the time of grace of the command over the container's own", async () => {
    const { world, stopped } = await stopping("carries on", 1);
    await world.clock.pass(1000);
    await stopped;
    expect(world.program.signals).toEqual([15, 9]);
  });

  it("waits for ever when told to", async () => {
    const { world, stopped } = await stopping("carries on", -1);
    await world.clock.pass(3_600_000);
    expect(world.program.signals).toEqual([15]);
    world.program.exit(0);
    await stopped;
  });

  it("does not wait for a signal that cannot arrive, and says why", async () => {
    const { world, killed, stopped } = await stopping("never sees it");
    await stopped;
    expect(world.program.signals).toEqual([9]);
    expect(killed[0]).toContain("does not handle SIGTERM");
  });

  it("of what is down does nothing", async () => {
    const world = new FakeWorld();
    await world.container().stop({ why: "asked for", onKill: () => undefined });
    expect(world.events).toEqual([]);
  });

  it("lets a paused container run again, so that it can end", async () => {
    const world = new FakeWorld();
    const container = world.container();
    await container.start({ text: "asked for" });
    await container.setPaused(true, "asked for");
    expect(container.status).toBe("paused");
    await container.stop({ why: "asked for", onKill: () => undefined });
    expect(world.calls).toEqual(["start", "pause", "unpause", "release"]);
  });
});
