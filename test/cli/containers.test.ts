import { describe, expect, it } from "vitest";
import { shownContainers } from "../../src/cli/commands/ps.ts";
import { portsText } from "../../src/cli/containers/port-text.ts";
import { psJson } from "../../src/cli/containers/ps-json.ts";
import { psTable } from "../../src/cli/containers/ps-table.ts";
import { statusText } from "../../src/cli/containers/status-text.ts";
import type { ObservedContainer } from "../../src/project/index.ts";
import type { ContainerRecord, ContainerState, ExitRecord, PublishedPort } from "../../src/runtime/index.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 31, 12);

const port = (hostIp: string, hostPort: number, containerPort: number): PublishedPort => ({
  hostIp,
  hostPort,
  containerPort,
  protocol: "tcp",
});

function container(
  status: ObservedContainer["status"],
  changes: {
    readonly record?: Partial<ContainerRecord>;
    readonly state?: Partial<ContainerState>;
    readonly exit?: Partial<ExitRecord>;
  } = {},
): ObservedContainer {
  const record: ContainerRecord = {
    version: 1,
    id: "0123456789ab".padEnd(64, "c"),
    name: "shop-web-1",
    project: "shop",
    service: "web",
    number: 1,
    oneOff: false,
    created: NOW - 5 * MINUTE,
    image: { id: "sha256:1", reference: "nginx:1.27", layerDirectories: [] },
    labels: { a: "b" },
    configHash: "h",
    command: ["/docker-entrypoint.sh", "nginx", "-g", "daemon off;"],
    restart: { name: "no", maximumRetryCount: 0 },
    stopSignal: 15,
    stopGracePeriod: 10_000,
    tty: false,
    stdinOpen: false,
    networks: [{ name: "shop_default", aliases: [], addresses: [], macAddress: "", interfaceName: "eth0" }],
    ports: [port("0.0.0.0", 0, 80)],
    mounts: [{ type: "volume", source: "shop_data", target: "/data", readOnly: false }],
    logging: { driver: "json-file", maxSize: 0, maxFiles: 1 },
    ...changes.record,
  };
  const state: ContainerState = {
    version: 1,
    desired: "running",
    startedAt: NOW - 2 * MINUTE,
    restartCount: 0,
    ...changes.state,
  };
  const exit = changes.exit && { code: 0, signal: 0, oom: false, started: 0, finished: NOW, ...changes.exit };
  return { record, state, status, exit };
}

const health = (status: "starting" | "healthy" | "unhealthy") => ({ status, failingStreak: 0, log: [] });

describe("statusText", () => {
  it.each([
    [container("created"), "Created"],
    [container("running"), "Up 2 minutes"],
    [container("running", { state: { health: health("healthy") } }), "Up 2 minutes (healthy)"],
    [container("running", { state: { health: health("starting") } }), "Up 2 minutes (health: starting)"],
    [container("paused"), "Up 2 minutes (Paused)"],
    [container("exited", { exit: { code: 137, finished: NOW - 3000 } }), "Exited (137) 3 seconds ago"],
    [container("restarting", { exit: { code: 1, finished: NOW - 1000 } }), "Restarting (1) 1 second ago"],
    [container("dead"), "Dead"],
  ])("%#", (one, text) => {
    expect(statusText(one, NOW)).toBe(text);
  });
});

describe("portsText", () => {
  it("writes addresses of both families, in the order of the container's ports", () => {
    expect(portsText([port("::", 443, 443), port("0.0.0.0", 8080, 80), port("", 81, 81)])).toBe(
      "0.0.0.0:8080->80/tcp, 0.0.0.0:81->81/tcp, [::]:443->443/tcp",
    );
  });
});

describe("psTable", () => {
  it("looks like Docker Compose's", () => {
    const running = container("running", { state: { ports: [port("0.0.0.0", 32768, 80)] } });
    expect(psTable([running], NOW, true)).toBe(
      [
        "NAME         IMAGE        COMMAND                  SERVICE   CREATED         STATUS         PORTS",
        'shop-web-1   nginx:1.27   "/docker-entrypoint.…"   web       5 minutes ago   Up 2 minutes   0.0.0.0:32768->80/tcp',
        "",
      ].join("\n"),
    );
    expect(psTable([running], NOW, false)).toContain('"/docker-entrypoint.sh nginx -g daemon off;"');
  });
});

describe("psJson", () => {
  it("has Docker Compose's fields", () => {
    const running = container("running", {
      state: { ports: [port("0.0.0.0", 32768, 80)], health: health("healthy") },
    });
    expect(psJson(running, NOW)).toEqual({
      Command: '"/docker-entrypoint.sh nginx -g daemon off;"',
      CreatedAt: "2026-01-31 11:55:00 +0000 UTC",
      ExitCode: 0,
      Health: "healthy",
      ID: "0123456789ab",
      Image: "nginx:1.27",
      Labels: "a=b",
      LocalVolumes: "1",
      Mounts: "shop_data",
      Name: "shop-web-1",
      Names: "shop-web-1",
      Networks: "shop_default",
      Ports: "0.0.0.0:32768->80/tcp",
      Project: "shop",
      Publishers: [{ URL: "0.0.0.0", TargetPort: 80, PublishedPort: 32768, Protocol: "tcp" }],
      RunningFor: "5 minutes ago",
      Service: "web",
      Size: "0B",
      State: "running",
      Status: "Up 2 minutes (healthy)",
    });
  });

  it("tells the exit code of what has ended, and no ports", () => {
    const ended = container("exited", { exit: { code: 3 } });
    expect(psJson(ended, NOW)).toMatchObject({ ExitCode: 3, State: "exited", Health: "", Publishers: [] });
  });
});

describe("shownContainers", () => {
  const running = container("running");
  const ended = container("exited");
  const oneOff = container("running", { record: { oneOff: true } });
  const all = [running, ended, oneOff];

  it("shows what is up, and all with -a", () => {
    expect(shownContainers(all, {})).toEqual([running]);
    expect(shownContainers(all, { all: true })).toEqual(all);
  });

  it("filters by status", () => {
    expect(shownContainers(all, { status: ["exited"] })).toEqual([ended]);
    expect(shownContainers(all, { filter: ["status=exited"] })).toEqual([ended]);
  });
});
