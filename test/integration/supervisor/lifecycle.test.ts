import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { volumeDirectory } from "../../../src/lib/paths.ts";
import { Shop } from "./shop.ts";

const run = {
  noDeps: false,
  environment: {},
  labels: {},
  volumes: [],
  publish: [],
  servicePorts: false,
  tty: false,
  stdin: false,
  attach: false,
};

describe("lifecycle", () => {
  it("restarts by policy, and stays down after a stop", async () => {
    await using shop = new Shop("policy");
    await shop.up({
      web: { command: ["sh", "-c", "sleep 0.1; exit 3"], restart: "on-failure:2" },
      db: { restart: "always" },
    });
    const restarts = () =>
      shop.containers().find(({ record }) => record.service === "web")!.state.restartCount;
    await shop.until(() => restarts() === 2 && shop.statuses()["policy-web-1"] === "exited");
    await shop.project.call("stop", { services: ["db"], timeout: 0 });
    expect(shop.statuses()["policy-db-1"]).toBe("exited");
    await shop.project.call("start", { services: ["db"], wait: true, waitTimeout: 5 });
    expect(shop.statuses()["policy-db-1"]).toBe("running");
  });

  it("pauses, restarts, kills", async () => {
    await using shop = new Shop("verbs");
    await shop.up({ web: {} });
    await shop.project.call("pause", { services: [] });
    expect(shop.statuses()["verbs-web-1"]).toBe("paused");
    await shop.project.call("unpause", { services: [] });
    const before = shop.containers()[0]!.state.startedAt!;
    await shop.project.call("restart", { services: ["web"], noDeps: false });
    expect(shop.containers()[0]!.state.startedAt).toBeGreaterThan(before);
    await shop.project.call("kill", { services: [], signal: "SIGKILL" });
    expect(shop.statuses()["verbs-web-1"]).toBe("exited");
    await shop.project.call("remove", { services: [], stop: false, volumes: false });
    expect(shop.statuses()).toEqual({});
  });

  it("keeps a named volume over down and up, and fills a new one from the image", async () => {
    await using shop = new Shop("vol");
    const layer = shop.image.layerDirectories[0]!;
    mkdirSync(join(layer, "data"), { recursive: true });
    writeFileSync(join(layer, "data", "seed"), "from the image");
    const services = {
      web: {
        command: ["sh", "-c", "echo once >> /data/count; exec sleep 1000"],
        volumes: [{ type: "volume", source: "data", target: "/data" }] as const,
      },
    };
    const volumes = { data: { name: "vol_data" } };
    const data = join(volumeDirectory(shop.roots, "vol_data"), "_data");
    const lines = () => (existsSync(join(data, "count")) ? readFileSync(join(data, "count"), "utf8") : "");
    await shop.up(services, { volumes });
    await shop.until(() => lines() === "once\n");
    expect(readFileSync(join(data, "seed"), "utf8")).toBe("from the image");
    await shop.down();
    await shop.up(services, { volumes });
    await shop.until(() => lines() === "once\nonce\n");
    await shop.down(true);
    expect(existsSync(data)).toBe(false);
  });

  it("runs a one-off after what its service depends on, and removes it", async () => {
    await using shop = new Shop("oneoff");
    const services = {
      db: {},
      web: { depends_on: { db: { condition: "service_started", required: true } as const } },
    };
    const { id, name } = await shop.project.call("run", {
      ...shop.intent(services),
      ...run,
      service: "web",
      command: ["true"],
    });
    expect(name).toMatch(/^oneoff-web-run-[0-9a-f]{12}$/);
    await shop.until(() => shop.statuses()[name] === "exited");
    expect(shop.statuses()).toEqual({ "oneoff-db-1": "running", [name]: "exited" });
    await shop.project.call("discard", { id, volumes: true });
    expect(shop.statuses()).toEqual({ "oneoff-db-1": "running" });
  });
});
