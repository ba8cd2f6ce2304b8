import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Service } from "../../../src/compose/index.ts";
import { containerRunDirectory } from "../../../src/lib/paths.ts";
import { isAlive, readStartTime } from "../../../src/lib/process-identity.ts";
import { Shop } from "./shop.ts";

const ports = [{ target: 80, protocol: "tcp" }] as const;
const httpd = ["httpd", "-f", "-p", "80", "-h", "/etc"];
const services: Record<string, Partial<Service>> = {
  web: { command: httpd, ports, restart: "always" },
  db: {},
};

/** Kills a process and resolves when it is dead. */
async function kill9(pid: number): Promise<void> {
  const startTime = readStartTime(pid)!;
  process.kill(pid, "SIGKILL");
  while (isAlive({ pid, startTime })) await new Promise((resolve) => setImmediate(resolve));
}

function monitorPid(shop: Shop, id: string): number {
  return shop.status(join(containerRunDirectory(shop.roots, id), "monitor"), "monitor_pid");
}

async function hostnameThroughPort(shop: Shop): Promise<string> {
  const web = shop.containers().find(({ record }) => record.service === "web")!;
  const port = web.state.ports!.find(({ hostIp }) => hostIp === "0.0.0.0")!.hostPort;
  return (await (await fetch(`http://127.0.0.1:${port}/hostname`)).text()).trim();
}

describe("kill -9", () => {
  it("of the supervisor: containers run on, the next one adopts them and keeps its promises", async () => {
    await using shop = new Shop("killsup");
    const ids = await shop.up(services);
    await kill9(shop.supervisorPid());
    shop.leave();
    expect(await shop.up(services)).toEqual(ids);
    expect(await hostnameThroughPort(shop)).toBe(ids[0]!.slice(0, 12));
    await kill9(monitorPid(shop, ids[0]!));
    await shop.until(() => shop.statuses()["killsup-web-1"] === "running");
  });

  it("of the supervisor under a command: the command asks the next one", async () => {
    await using shop = new Shop("killmid");
    const waiting = shop.up({
      web: { depends_on: { db: { condition: "service_healthy", required: true } } },
      db: {
        command: ["sh", "-c", "sleep 1; touch /tmp/ready; exec sleep 1000"],
        healthcheck: { test: ["CMD", "test", "-e", "/tmp/ready"] },
      },
    });
    await shop.until(() => shop.statuses()["killmid-db-1"] === "running");
    await kill9(shop.supervisorPid());
    await waiting;
    expect(shop.statuses()).toEqual({ "killmid-db-1": "running", "killmid-web-1": "running" });
  });

  it("of the keeper: the next command finds the namespace again", async () => {
    await using shop = new Shop("killkeep");
    const ids = await shop.up(services);
    await kill9(shop.keeperPid());
    shop.leave();
    expect(await shop.up(services)).toEqual(ids);
    expect(await hostnameThroughPort(shop)).toBe(ids[0]!.slice(0, 12));
    await shop.down();
    expect(shop.leftovers()).toEqual([]);
  });

  it("of everything: up makes it whole, down leaves nothing", async () => {
    await using shop = new Shop("killall");
    const ids = await shop.up(services);
    const pids = [shop.keeperPid(), ...ids.map((id) => monitorPid(shop, id))];
    for (const pid of pids) await kill9(pid);
    shop.leave();
    await shop.up(services);
    expect(shop.statuses()).toEqual({ "killall-web-1": "running", "killall-db-1": "running" });
    for (const pid of [shop.keeperPid(), ...ids.map((id) => monitorPid(shop, id))]) await kill9(pid);
    shop.leave();
    await shop.down();
    expect(shop.leftovers()).toEqual([]);
  });
});

describe("commands at once", () => {
  it("that open one project start one keeper", async () => {
    await using shop = new Shop("race");
    const others = [1, 2, 3].map(() => shop.another());
    const results = await Promise.all([shop, ...others].map((one) => one.up({ web: {} })));
    expect(new Set(results.map(([id]) => id)).size).toBe(1);
    for (const other of others) other.leave();
  });

  it("down breaks off an up that waits", async () => {
    await using shop = new Shop("downup");
    const other = shop.another();
    const waiting = shop.up({
      web: { depends_on: { db: { condition: "service_healthy", required: true } } },
      db: { healthcheck: { test: ["CMD", "false"] } },
    });
    const broken = expect(waiting).rejects.toMatchObject({ code: "interrupted" });
    await shop.until(() => shop.statuses()["downup-db-1"] === "running");
    await other.down();
    await broken;
    expect(shop.leftovers()).toEqual([]);
    shop.leave();
  });
});

describe("an idle supervisor", () => {
  it("ends, and its namespace with it, when everything has stopped and nobody is there", async () => {
    await using shop = new Shop("idle");
    await shop.up({ web: {} });
    const keeper = shop.keeperPid();
    await shop.project.call("stop", { services: [] });
    shop.leave();
    await shop.until(() => readStartTime(keeper) === undefined, 5000);
    expect(shop.statuses()).toEqual({ "idle-web-1": "exited" });
    await shop.project.call("start", { services: [], wait: false, waitTimeout: 0 });
    expect(shop.statuses()).toEqual({ "idle-web-1": "running" });
  });
});

describe("a keeper whose supervisor cannot start any more", () => {
  it("is replaced, as after an upgrade that took its program away", async () => {
    await using shop = new Shop("upgrade");
    const program = join(shop.directory, "supervisor.ts");
    symlinkSync(join(import.meta.dirname, "supervisor-process.ts"), program);
    shop.program = program;
    const ids = await shop.up({ web: {} });
    rmSync(program);
    await kill9(shop.supervisorPid());
    shop.leave();
    shop.program = join(import.meta.dirname, "supervisor-process.ts");
    expect(await shop.up({ web: {} })).toEqual(ids);
  });
});
