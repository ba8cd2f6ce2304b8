import { expect, it } from "vitest";
import { FakeWorld } from "../fake-world.ts";

it("an adopted container has its start and ports on record, though its starter died before noting them", async () => {
  const world = new FakeWorld();
  const { program } = await world.start();
  const ports = [{ hostIp: "127.0.0.1", hostPort: 41_000, containerPort: 80, protocol: "tcp" as const }];
  const container = world.container();
  container.adopt({ program, ports }, false);
  expect(world.states.at(-1)).toMatchObject({ startedAt: program.startedAt, ports });
  expect(container.status).toBe("running");
});
