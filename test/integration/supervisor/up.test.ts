import { describe, expect, it } from "vitest";
import { Shop } from "./shop.ts";

describe("a project of real containers", () => {
  it("comes up, stays as it is, and goes without a trace", async () => {
    await using shop = new Shop("up");
    const first = await shop.up({ web: {} });
    expect(first).toHaveLength(1);
    // Network and container are made at the same time; the start comes after both.
    const told = shop.told();
    expect(told.slice(0, 4).sort()).toEqual([
      "container up-web-1 created",
      "container up-web-1 creating",
      "network up_default created",
      "network up_default creating",
    ]);
    expect(told.slice(4)).toEqual(["container up-web-1 starting", "container up-web-1 started"]);
    expect(await shop.up({ web: {} })).toEqual(first);
    expect(shop.told().at(-1)).toBe("container up-web-1 running");
    await shop.down();
    expect(shop.leftovers()).toEqual([]);
  });

  it("starts in the order of dependencies, when they are healthy", async () => {
    await using shop = new Shop("deps");
    await shop.up({
      web: { depends_on: { db: { condition: "service_healthy", required: true } } },
      db: {
        command: ["sh", "-c", "sleep 0.3; touch /tmp/ready; exec sleep 1000"],
        healthcheck: { test: ["CMD", "test", "-e", "/tmp/ready"] },
      },
    });
    const told = shop.told();
    expect(told.indexOf("container deps-db-1 healthy")).toBeLessThan(
      told.indexOf("container deps-web-1 starting"),
    );
    expect(told).toContain("container deps-web-1 started");
  });

  it("waits for a one-shot to complete, and says why when it fails", async () => {
    await using shop = new Shop("oneshot");
    const services = (code: number) => ({
      web: {
        depends_on: { migrate: { condition: "service_completed_successfully", required: true } as const },
      },
      migrate: { command: ["sh", "-c", `echo migrating; exit ${code}`] },
    });
    await expect(shop.up(services(3))).rejects.toMatchObject({
      message: "dependency failed to start: container oneshot-migrate-1 exited (3)",
      details: ["the end of its log:", "  migrating", "not started: oneshot-web-1"],
    });
    expect(shop.statuses()).toEqual({ "oneshot-migrate-1": "exited" });
    await shop.up(services(0));
    expect(shop.statuses()).toEqual({ "oneshot-migrate-1": "exited", "oneshot-web-1": "running" });
  });

  it("tells why a dependency is unhealthy", async () => {
    await using shop = new Shop("sick");
    const failed = shop.up({
      web: { depends_on: { db: { condition: "service_healthy", required: true } } },
      db: {
        command: ["sh", "-c", "echo starting up; exec sleep 1000"],
        healthcheck: { test: ["CMD-SHELL", "echo no answer; exit 7"], interval: "100ms", retries: 2 },
      },
    });
    await expect(failed).rejects.toMatchObject({
      code: "unhealthy",
      message: "dependency failed to start: container sick-db-1 is unhealthy",
      details: [
        "its health check: echo no answer; exit 7",
        "failed 2 of 2 times; the last time with exit code 7",
        "  no answer",
        "the end of its log:",
        "  starting up",
        "not started: sick-web-1",
      ],
    });
  });

  it("recreates what changed, keeps what did not, scales, and keeps anonymous volumes", async () => {
    await using shop = new Shop("change");
    const volumes = [{ type: "volume", target: "/data" }] as const;
    const [web, db] = await shop.up({ web: { volumes }, db: {} });
    const [otherWeb, sameDb] = await shop.up({ web: { volumes, environment: { A: "1" } }, db: {} });
    expect(otherWeb).not.toBe(web);
    expect(sameDb).toBe(db);
    expect(shop.containers().find(({ record }) => record.id === otherWeb)!.status).toBe("running");
    expect(shop.leftovers().filter((path) => path.startsWith("volumes/"))).toHaveLength(1);
    await shop.up({ web: { volumes }, db: { scale: 3 } });
    expect(Object.keys(shop.statuses()).sort()).toEqual([
      "change-db-1",
      "change-db-2",
      "change-db-3",
      "change-web-1",
    ]);
    await shop.up({ web: { volumes } }, { removeOrphans: true });
    expect(shop.statuses()).toEqual({ "change-web-1": "running" });
  });

  it("resolves names of services and reaches published ports", async () => {
    await using shop = new Shop("names");
    await shop.up(
      {
        server: {
          command: ["httpd", "-f", "-p", "80", "-h", "/etc"],
          ports: [{ target: 80, protocol: "tcp" }],
        },
        client: {
          command: ["wget", "-q", "-O", "-", "http://server/hostname"],
          depends_on: { server: { condition: "service_started", required: true } },
        },
      },
      { wait: true },
    );
    const server = shop.containers().find(({ record }) => record.service === "server")!;
    const port = server.state.ports!.find(({ hostIp }) => hostIp === "0.0.0.0")!.hostPort;
    const answer = await fetch(`http://127.0.0.1:${port}/hostname`);
    expect((await answer.text()).trim()).toBe(server.record.id.slice(0, 12));
  });

  it("fails in words when the program is not there, and leaves nothing of it", async () => {
    await using shop = new Shop("nothere");
    await expect(shop.up({ web: { command: ["nope"] } })).rejects.toMatchObject({
      code: "command-not-found",
      exitCode: 127,
    });
    expect(shop.statuses()).toEqual({});
  });
});
